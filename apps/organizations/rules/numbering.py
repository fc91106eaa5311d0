"""Document numbers as rule 46(b) of the CGST Rules 2017 wants them."""

from __future__ import annotations

from enum import StrEnum


class DocumentKind(StrEnum):
    """Documents that carry a consecutive number of their own."""

    INVOICE = "invoice"
    BILL_OF_SUPPLY = "bill_of_supply"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    CHALLAN = "challan"
    RECEIPT = "receipt"
    PAYMENT = "payment"
    PURCHASE_ORDER = "purchase_order"
    GOODS_RECEIPT = "goods_receipt"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Kind and name, for a field's choices."""
        return [(kind.value, _NAMES[kind]) for kind in cls]


_NAMES = {
    DocumentKind.INVOICE: "Tax invoice",
    DocumentKind.BILL_OF_SUPPLY: "Bill of supply",
    DocumentKind.CREDIT_NOTE: "Credit note",
    DocumentKind.DEBIT_NOTE: "Debit note",
    DocumentKind.CHALLAN: "Delivery challan",
    DocumentKind.RECEIPT: "Receipt",
    DocumentKind.PAYMENT: "Payment",
    DocumentKind.PURCHASE_ORDER: "Purchase order",
    DocumentKind.GOODS_RECEIPT: "Goods receipt note",
}
