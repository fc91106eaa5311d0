from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from apps.accounts import checks  # noqa: F401  (registers)
        from apps.accounts.navigation import register

        register()
