"""Tasks of test_worker.py, for the test and for the worker it starts."""

from __future__ import annotations

import time

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from apps.core.background.tasks import task, tenant_task
from apps.core.tenancy.context import tenant
from apps.organizations.models import Role


@tenant_task
def describe_roles(organization_id: int, name: str) -> None:
    Role.objects.update(description=name)


@task
def slowly_describe_roles(organization_id: int, first: str, last: str, seconds: float) -> None:
    with tenant(organization_id):
        Role.objects.update(description=first)
    time.sleep(seconds)
    with tenant(organization_id):
        Role.objects.update(description=last)
