"""Background work: huey on the application's own database, or on Redis where REDIS_URL names one."""

HUEY = {"huey_class": "huey.MemoryHuey", "name": "ineat", "immediate": True}
