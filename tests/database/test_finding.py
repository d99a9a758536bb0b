"""What is searched by words stands in memory, and is right whoever changed a product."""

from pathlib import Path
from typing import Any

import pytest

from pos import clock
from pos.db import db, transact
from pos.operations import catalogue
from pos.operations.actor import SYSTEM
from pos.operations.catalogue import ProductData
from pos.queries import finding
from tests.factories import Shop
from tests.support.demo import opened


def skus(shop: Shop, asked: str) -> list[str]:
    return [item["sku"] for item in shop.get(f"/products?{asked}")["items"]]


def rename(sku: str, name: str, **more: Any) -> None:
    today = clock.now().date()
    data = ProductData(sku, name, price=15_000, price_from=today, **more)
    transact(lambda: catalogue.save_products([data], SYSTEM, clock.now(), today))


def test_a_product_renamed_by_another_process_is_found_by_its_new_name_at_once(
    shop: Shop, tmp_path: Path
) -> None:
    assert skus(shop, "query=tempe+original") == ["KTO-100"]
    url = shop.app.config["SETTINGS"].database
    with opened(tmp_path / "other", url) as other, other.app_context():
        rename("KTO-100", "Rengginang Terasi", barcodes=["899-ABC"])
    assert skus(shop, "query=tempe+original") == []
    assert skus(shop, "query=RENGGINANG") == ["KTO-100"]
    assert skus(shop, "query=899-abc") == ["KTO-100"]
    assert skus(shop, "query=rengginang&barcode=899-ABC") == ["KTO-100"]
    assert skus(shop, "query=keripik&barcode=899-ABC") == []


def test_a_change_that_was_taken_back_leaves_nothing_to_find(shop: Shop) -> None:
    def half() -> None:
        today = clock.now().date()
        data = ProductData("KTO-100", "Rengginang Terasi", price=15_000, price_from=today)
        catalogue.save_products([data], SYSTEM, clock.now(), today)
        assert len(finding.matching(["rengginang"])) == 1
        raise ZeroDivisionError

    with shop.app.app_context(), pytest.raises(ZeroDivisionError):
        transact(half)
    assert skus(shop, "query=rengginang") == []
    with shop.app.app_context():
        rename("MBT-250", "Wedang Uwuh")
    assert skus(shop, "query=rengginang") == []
    assert skus(shop, "query=wedang") == ["MBT-250"]


def test_what_changes_no_product_does_not_read_them_all_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert skus(shop, "query=keripik+100") == ["KTO-100", "KTP-100"]
    monkeypatch.setattr(finding, "_read", lambda *_: pytest.fail("all products were read again"))
    shop.receive("KTO-100", 5)
    assert skus(shop, "query=keripik+100") == ["KTO-100", "KTP-100"]


def test_no_word_is_found_across_two_products_or_two_fields(shop: Shop) -> None:
    with shop.app.app_context():
        rename("AA-1", "Ujung", barcodes=["12345678"])
        rename("AA-2", "Awal")
        assert finding.matching(["ujungaa"]) == finding.matching(["ujung\naa"]) == []
        assert len(finding.matching(["aa-"])) == 2
        assert len(finding.matching([])) == len(finding.matching(["-"]))
        db.session.rollback()
