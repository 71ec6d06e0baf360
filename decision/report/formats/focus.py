"""The bills of a decision record as CSV, with the column names of FOCUS 1.2 (FinOps Open Cost and Usage Specification) where it has them.

Own columns start with x_, as FOCUS asks of a provider. One row for each line of each option's bill of month 12.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from decision.catalog import Value
from decision.costs.bill import Bill
from decision.costs.line_items import Category, LineItem
from decision.report.sections.decision import DecisionRecord
from decision.report.sections.evidence import is_assumed
from decision.words import scalar

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS = (
    "ServiceName", "x_OptionId", "ChargeCategory", "x_Category", "ChargeDescription", "x_Group", "PricingQuantity", "PricingUnit", "ListUnitPrice",
    "BilledCost", "BillingCurrency", "SkuPriceId", "x_EffectiveFrom", "x_Source", "x_SourceUrl", "x_SourceRead", "x_Evidence", "x_Assumed",
    "x_Working",
)  # fmt: skip


def write(record: DecisionRecord) -> str:
    """The bills as CSV with a head; figures unrounded, in USD."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for result in record.charged:
        if result.costed is not None:
            writer.writerows(_row(result.costed.bill, item) for item in result.costed.bill.items)
    return out.getvalue()


def _row(bill: Bill, item: LineItem) -> Iterator[str]:
    price, source = item.price, item.price.source
    yield from (_text(bill.option.name), bill.option.id, _charge(item), str(item.category), _text(item.label), _text(item.group or ""))
    yield from (_number(item.quantity), price.pricing_unit, _number(price.amount), _number(item.cost), "USD", _text(price.id))
    yield from (str(price.effective_from), _text(source.title), _text(source.url or ""), str(source.retrieved), source.kind)
    yield from (str(is_assumed(item)).lower(), _text(item.explained()))


def _charge(item: LineItem) -> str:
    """FOCUS: Usage, Purchase (a fee by the month) or Credit."""
    if float(item.cost) < 0:
        return "Credit"
    return "Purchase" if item.category is Category.SERVICES and item.price.pricing_unit.endswith("Months") else "Usage"


def _number(value: Value) -> str:
    return repr(scalar(value))


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
