from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "apps.finance"
    label = "finance"
    verbose_name = "Finance"

    def ready(self) -> None:
        from apps.core.exchange import declaration
        from apps.core.paper import mail
        from apps.finance import documents, navigation, verify
        from apps.finance.demo import make_money, make_opening_balances
        from apps.finance.imports.accounts import AccountImporter, OpeningBalanceImporter
        from apps.finance.imports.open_items import OpenItemImporter
        from apps.finance.operations import found_books, seed_cash_limits, seed_tax_rates, seed_tds_rates
        from apps.finance.operations.reminders import STATEMENT
        from apps.finance.queries.checks import CHECKS
        from apps.finance.queries.money_checks import MONEY_CHECKS
        from apps.finance.rights import RIGHTS
        from apps.finance.views.party_statement import PartyStatement
        from apps.organizations import demo, founding, rights

        rights.declare(*RIGHTS)
        navigation.register()
        founding.add("finance", found_books)
        founding.add("finance.tax_rates", seed_tax_rates)
        founding.add("finance.tds_rates", seed_tds_rates)
        founding.add("finance.cash_limits", seed_cash_limits)
        documents.register(*documents.BOOKS, *documents.MONEY)
        mail.register(STATEMENT, PartyStatement.document)
        verify.register(*CHECKS, *MONEY_CHECKS)
        for importer in (AccountImporter(), OpeningBalanceImporter(), OpenItemImporter()):
            declaration.register(importer)
        demo.add(demo.Step("money", make_money, order=30), demo.Step("opening", make_opening_balances, order=31))
