"""Documents on paper: PDF from the HTML of the print pages, and documents by e-mail."""

from apps.core.paper.pdf import PdfFault, can_print, render_pdf

__all__ = ["PdfFault", "can_print", "render_pdf"]
