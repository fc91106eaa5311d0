"""The chart of accounts that a trading business starts with.

Groups follow the Companies Act 2013, Schedule III, Division I (balance sheet and statement of profit and loss); the
accounts below them are those that an Indian wholesaler of goods needs. Both are rows that the owner may add to. A
*role* is how code finds an account, whatever it is called and wherever it was moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an account is about. Assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def debit_grows(self) -> bool:
        """Whether a debit makes the balance larger."""
        return self in (Kind.ASSET, Kind.EXPENSE)

    @property
    def of_result(self) -> bool:
        """Whether it belongs to the statement of profit and loss, and so starts each year at nothing."""
        return self in (Kind.INCOME, Kind.EXPENSE)


class Nature(StrEnum):
    """What the account is used for, where code or a page must treat it apart."""

    GENERAL = "general"
    CASH = "cash"
    BANK = "bank"
    RECEIVABLES = "receivables"
    PAYABLES = "payables"
    TAX = "tax"
    STOCK = "stock"
    ROUND_OFF = "round_off"

    @property
    def is_control(self) -> bool:
        """Whether its balance is the sum of what parties owe or are owed, so that every line names the party."""
        return self in (Nature.RECEIVABLES, Nature.PAYABLES)


@dataclass(frozen=True)
class GroupSeed:
    """A group. `parent` is the code of the group above, '' at the top."""

    code: str
    name: str
    kind: Kind
    parent: str = ""


@dataclass(frozen=True)
class AccountSeed:
    """An account that every organization starts with."""

    code: str
    name: str
    group: str
    role: str = ""
    nature: Nature = Nature.GENERAL


_A, _L, _Q, _I, _X = Kind.ASSET, Kind.LIABILITY, Kind.EQUITY, Kind.INCOME, Kind.EXPENSE

GROUPS: tuple[GroupSeed, ...] = (
    GroupSeed("1", "Assets", _A),
    GroupSeed("11", "Non-current assets", _A, "1"),
    GroupSeed("111", "Property, plant and equipment", _A, "11"),
    GroupSeed("112", "Intangible assets", _A, "11"),
    GroupSeed("113", "Capital work-in-progress", _A, "11"),
    GroupSeed("114", "Non-current investments", _A, "11"),
    GroupSeed("115", "Deferred tax assets (net)", _A, "11"),
    GroupSeed("116", "Long-term loans and advances", _A, "11"),
    GroupSeed("117", "Other non-current assets", _A, "11"),
    GroupSeed("12", "Current assets", _A, "1"),
    GroupSeed("121", "Current investments", _A, "12"),
    GroupSeed("122", "Inventories", _A, "12"),
    GroupSeed("123", "Trade receivables", _A, "12"),
    GroupSeed("124", "Cash and cash equivalents", _A, "12"),
    GroupSeed("1241", "Cash on hand", _A, "124"),
    GroupSeed("1242", "Balances with banks", _A, "124"),
    GroupSeed("1243", "Cheques and money on the way", _A, "124"),
    GroupSeed("125", "Short-term loans and advances", _A, "12"),
    GroupSeed("1251", "Input tax credit", _A, "125"),
    GroupSeed("126", "Other current assets", _A, "12"),
    GroupSeed("2", "Liabilities", _L),
    GroupSeed("21", "Non-current liabilities", _L, "2"),
    GroupSeed("211", "Long-term borrowings", _L, "21"),
    GroupSeed("212", "Deferred tax liabilities (net)", _L, "21"),
    GroupSeed("213", "Other long-term liabilities", _L, "21"),
    GroupSeed("214", "Long-term provisions", _L, "21"),
    GroupSeed("22", "Current liabilities", _L, "2"),
    GroupSeed("221", "Short-term borrowings", _L, "22"),
    GroupSeed("222", "Trade payables", _L, "22"),
    GroupSeed("223", "Other current liabilities", _L, "22"),
    GroupSeed("2231", "Duties and taxes", _L, "223"),
    GroupSeed("224", "Short-term provisions", _L, "22"),
    GroupSeed("3", "Shareholders' funds", _Q),
    GroupSeed("31", "Capital", _Q, "3"),
    GroupSeed("32", "Reserves and surplus", _Q, "3"),
    GroupSeed("4", "Income", _I),
    GroupSeed("41", "Revenue from operations", _I, "4"),
    GroupSeed("42", "Other income", _I, "4"),
    GroupSeed("5", "Expenses", _X),
    GroupSeed("51", "Purchases of stock-in-trade", _X, "5"),
    GroupSeed("52", "Cost of goods sold and changes in inventories", _X, "5"),
    GroupSeed("53", "Employee benefits expense", _X, "5"),
    GroupSeed("54", "Finance costs", _X, "5"),
    GroupSeed("55", "Depreciation and amortisation expense", _X, "5"),
    GroupSeed("56", "Other expenses", _X, "5"),
    GroupSeed("57", "Tax expense", _X, "5"),
)

_TAX, _CASH, _BANK, _STOCK = Nature.TAX, Nature.CASH, Nature.BANK, Nature.STOCK

ACCOUNTS: tuple[AccountSeed, ...] = (
    AccountSeed("1110", "Furniture and fittings", "111"),
    AccountSeed("1112", "Computers", "111"),
    AccountSeed("1114", "Vehicles", "111"),
    AccountSeed("1116", "Refrigerators and cold room", "111"),
    AccountSeed("1118", "Accumulated depreciation", "111", "accumulated_depreciation"),
    AccountSeed("1120", "Software", "112"),
    AccountSeed("1160", "Deposits given", "116"),
    AccountSeed("1220", "Stock of goods", "122", "stock", _STOCK),
    AccountSeed("1222", "Goods in transit between branches", "122", "goods_in_transit", _STOCK),
    AccountSeed("1230", "Receivables from customers", "123", "receivables", Nature.RECEIVABLES),
    AccountSeed("1240", "Cash in hand", "1241", "cash", _CASH),
    AccountSeed("1241", "Bank account", "1242", "bank", _BANK),
    AccountSeed("1243", "Cheques in hand", "1243", "cheques_in_hand"),
    AccountSeed("1244", "UPI collections on the way", "1243", "upi_clearing"),
    AccountSeed("1245", "Card collections on the way", "1243", "card_clearing"),
    AccountSeed("1250", "Advances to employees", "125", "employee_advances"),
    AccountSeed("1251", "Input CGST", "1251", "input_cgst", _TAX),
    AccountSeed("1252", "Input SGST", "1251", "input_sgst", _TAX),
    AccountSeed("1253", "Input UTGST", "1251", "input_utgst", _TAX),
    AccountSeed("1254", "Input IGST", "1251", "input_igst", _TAX),
    AccountSeed("1255", "Input cess", "1251", "input_cess", _TAX),
    AccountSeed("1256", "TDS receivable", "125", "tds_receivable"),
    AccountSeed("1257", "TCS receivable", "125", "tcs_receivable"),
    AccountSeed("1258", "Electronic cash ledger (GST)", "125", "gst_cash_ledger"),
    AccountSeed("1260", "Prepaid expenses", "126"),
    AccountSeed("1262", "Claims on suppliers", "126", "supplier_claims"),
    AccountSeed("1290", "Between branches", "126", "between_branches"),
    AccountSeed("2110", "Term loans", "211"),
    AccountSeed("2130", "Deposits received", "213"),
    AccountSeed("2210", "Bank overdraft", "221", "", _BANK),
    AccountSeed("2220", "Payables to suppliers", "222", "payables", Nature.PAYABLES),
    AccountSeed("2222", "Goods received, not billed", "222", "goods_received_not_billed"),
    AccountSeed("2230", "Output CGST", "2231", "output_cgst", _TAX),
    AccountSeed("2231", "Output SGST", "2231", "output_sgst", _TAX),
    AccountSeed("2232", "Output UTGST", "2231", "output_utgst", _TAX),
    AccountSeed("2233", "Output IGST", "2231", "output_igst", _TAX),
    AccountSeed("2234", "Output cess", "2231", "output_cess", _TAX),
    AccountSeed("2235", "Reverse charge CGST payable", "2231", "reverse_charge_cgst", _TAX),
    AccountSeed("2236", "Reverse charge SGST payable", "2231", "reverse_charge_sgst", _TAX),
    AccountSeed("2237", "Reverse charge UTGST payable", "2231", "reverse_charge_utgst", _TAX),
    AccountSeed("2238", "Reverse charge IGST payable", "2231", "reverse_charge_igst", _TAX),
    AccountSeed("2239", "Reverse charge cess payable", "2231", "reverse_charge_cess", _TAX),
    AccountSeed("2240", "TDS payable", "2231", "tds_payable"),
    AccountSeed("2241", "TCS payable", "2231", "tcs_payable"),
    AccountSeed("2242", "Provident fund payable", "2231", "epf_payable"),
    AccountSeed("2243", "Employees' State Insurance payable", "2231", "esi_payable"),
    AccountSeed("2244", "Profession tax payable", "2231", "profession_tax_payable"),
    AccountSeed("2250", "Salaries payable", "223", "salaries_payable"),
    AccountSeed("2252", "Expenses payable", "223", "expenses_payable"),
    AccountSeed("2260", "Provision for income tax", "224", "income_tax_provision"),
    AccountSeed("3100", "Capital", "31", "capital"),
    AccountSeed("3110", "Drawings", "31", "drawings"),
    AccountSeed("3200", "Surplus in the statement of profit and loss", "32", "retained_earnings"),
    AccountSeed("3290", "Difference in opening balances", "32", "opening_difference"),
    AccountSeed("4100", "Sales", "41", "sales"),
    AccountSeed("4110", "Sales returns", "41", "sales_returns"),
    AccountSeed("4120", "Discount allowed on sales", "41", "sales_discounts"),
    AccountSeed("4190", "Charges recovered from customers", "41", "charges_recovered"),
    AccountSeed("4200", "Discount received", "42", "discount_received"),
    AccountSeed("4210", "Interest received", "42", "interest_received"),
    AccountSeed("4220", "Schemes and incentives from manufacturers", "42", "supplier_incentives"),
    AccountSeed("4230", "Balances written back", "42", "balances_written_back"),
    AccountSeed("4240", "Stock found in counts", "42", "stock_found"),
    AccountSeed("4290", "Other income", "42", "other_income"),
    AccountSeed("5100", "Purchases", "51", "purchases"),
    AccountSeed("5110", "Purchase returns", "51", "purchase_returns"),
    AccountSeed("5120", "Purchase rate differences", "51", "purchase_difference"),
    AccountSeed("5130", "Freight inward", "51", "freight_inward"),
    AccountSeed("5200", "Cost of goods sold", "52", "cogs"),
    AccountSeed("5210", "Breakage", "52", "stock_breakage"),
    AccountSeed("5211", "Expired goods", "52", "stock_expiry"),
    AccountSeed("5212", "Theft", "52", "stock_theft"),
    AccountSeed("5213", "Samples", "52", "stock_sample"),
    AccountSeed("5214", "Count differences", "52", "stock_variance"),
    AccountSeed("5215", "Recalled goods", "52", "stock_recall"),
    AccountSeed("5216", "Other stock losses", "52", "stock_other"),
    AccountSeed("5300", "Salaries and wages", "53", "salaries"),
    AccountSeed("5310", "Employer's contribution to provident fund", "53", "epf_expense"),
    AccountSeed("5320", "Employer's contribution to State Insurance", "53", "esi_expense"),
    AccountSeed("5330", "Staff welfare", "53"),
    AccountSeed("5400", "Interest paid", "54", "interest_paid"),
    AccountSeed("5410", "Bank charges", "54", "bank_charges"),
    AccountSeed("5500", "Depreciation", "55", "depreciation"),
    AccountSeed("5600", "Rent", "56"),
    AccountSeed("5605", "Electricity", "56"),
    AccountSeed("5610", "Freight outward and delivery", "56", "freight_outward"),
    AccountSeed("5615", "Vehicle running", "56"),
    AccountSeed("5620", "Telephone and internet", "56"),
    AccountSeed("5625", "Printing and stationery", "56"),
    AccountSeed("5630", "Repairs and maintenance", "56"),
    AccountSeed("5635", "Insurance", "56"),
    AccountSeed("5640", "Legal, licence and professional fees", "56"),
    AccountSeed("5645", "Audit fees", "56"),
    AccountSeed("5650", "Bad debts written off", "56", "bad_debts"),
    AccountSeed("5655", "Discount allowed for payment", "56", "discount_allowed"),
    AccountSeed("5660", "Input tax credit reversed", "56", "input_tax_reversed"),
    AccountSeed("5665", "Rates, taxes and late fees", "56", "late_fees"),
    AccountSeed("5690", "Miscellaneous expenses", "56", "miscellaneous"),
    AccountSeed("5699", "Round-off", "56", "round_off", Nature.ROUND_OFF),
    AccountSeed("5700", "Income tax", "57", "income_tax"),
)

ROLES = frozenset(account.role for account in ACCOUNTS if account.role)
"""Every role that code may name. Each is one account of the organization."""
