"""What a provider calls the columns of its settlement file, and what it means by them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos.domain.words import N_

COLUMNS: dict[str, tuple[str, ...]] = {
    "rrn": (
        "rrn",
        "no rrn",
        "nomor rrn",
        "rrn number",
        "retrieval reference number",
        "retrieval ref number",
        "nomor referensi rrn",
        "reference number rrn",
    ),
    "our_reference": (
        "order id",
        "id order",
        "merchant order id",
        "merchant trans id",
        "partner reference no",
        "partner reference number",
        "partner transaction id",
        "external id",
        "id pesanan",
        "no pesanan",
        "nomor pesanan",
        "merchant reference",
        "invoice number",
        "no invoice",
        "nomor invoice",
        "bill number",
        "nomor tagihan",
    ),
    "reference": (
        "nomor referensi",
        "no referensi",
        "reference number",
        "reference no",
        "nomor ref",
        "no ref",
        "no reff",
        "ref no",
        "referensi",
        "reference",
        "reference id",
        "transaction id",
        "id transaksi",
        "trx id",
        "txn id",
        "no transaksi",
        "nomor transaksi",
        "transaction no",
        "transaction number",
        "payment id",
        "receipt number",
        "approval code",
        "kode approval",
    ),
    "date": (
        "tanggal transaksi",
        "tgl transaksi",
        "tanggal trx",
        "tgl trx",
        "transaction date",
        "trx date",
        "txn date",
        "tanggal pembayaran",
        "payment date",
        "tanggal dan waktu",
        "tanggal waktu",
        "tanggal jam",
        "date time",
        "datetime",
        "tanggal",
        "tgl",
        "date",
        "date created",
        "created date",
        "created at",
        "paid at",
        "timestamp",
        "tanggal posting",
        "posting date",
        "tanggal settlement",
        "tgl settlement",
        "settlement date",
        "settle date",
    ),
    "time": (
        "waktu transaksi",
        "jam transaksi",
        "transaction time",
        "trx time",
        "txn time",
        "transaction datetime",
        "payment time",
        "waktu pembayaran",
        "jam",
        "waktu",
        "time",
    ),
    "amount": (
        "nominal transaksi",
        "jumlah transaksi",
        "nilai transaksi",
        "transaction amount",
        "trx amount",
        "txn amount",
        "gross amount",
        "nominal kotor",
        "jumlah kotor",
        "gross",
        "bruto",
        "amount",
        "nominal",
        "jumlah pembayaran",
        "payment amount",
        "original amount",
        "jumlah",
        "nilai",
        "total transaksi",
        "total",
    ),
    "fee": (
        "mdr amount",
        "nominal mdr",
        "biaya mdr",
        "potongan mdr",
        "jumlah mdr",
        "mdr fee",
        "mdr",
        "total fee",
        "fee amount",
        "fee",
        "merchant discount",
        "merchant discount rate",
        "biaya layanan",
        "biaya transaksi",
        "biaya admin",
        "biaya",
        "potongan",
        "charge amount",
        "admin fee",
        "komisi",
    ),
    "tax": ("ppn mdr", "vat on fee", "vat", "ppn", "vat amount", "pajak"),
    "net": (
        "net amount",
        "nett amount",
        "nominal bersih",
        "jumlah bersih",
        "nominal net",
        "nominal nett",
        "nominal diterima",
        "jumlah diterima",
        "total diterima",
        "dana diterima",
        "pendapatan bersih",
        "net settlement amount",
        "net settle amount",
        "settlement amount",
        "settle amount",
        "nominal settlement",
        "nett",
        "net",
        "netto",
        "neto",
        "bersih",
    ),
    "terminal": ("tid", "terminal id", "id terminal", "kode terminal", "nomor terminal", "terminal"),
    "nmid": ("nmid", "national merchant id"),
    "issuer": (
        "issuer",
        "issuer name",
        "nama issuer",
        "issuer bank",
        "penerbit",
        "bank penerbit",
        "sumber dana",
        "source of fund",
        "aplikasi pembayar",
        "payment source",
        "customer bank",
        "wallet",
        "e wallet",
    ),
    "kind": (
        "jenis transaksi",
        "tipe transaksi",
        "transaction type",
        "trx type",
        "txn type",
        "jenis",
        "tipe",
        "type",
    ),
    "status": ("status transaksi", "transaction status", "status pembayaran", "payment status", "status"),
    "currency": ("mata uang", "currency", "txn currency"),
}
"""Each column and the headers it goes by, the likelier first; lower case, without signs."""

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Profile:
    """How one provider writes its file.

    `of` names our own providers whose money stands in it, `unit` is 100 when it counts in sen, `offset` the
    hours ahead of UTC of times without a zone. `refunded_came`: a row whose status is refunded is the payment
    itself; a refund, where the file has them, is a row of its own.
    """

    key: str
    label: str
    of: frozenset[str]
    names: Names = field(default_factory=dict)
    unit: int = 1
    offset: int = 7
    refunded_came: bool = False
    template: tuple[str, ...] = (
        "date",
        "time",
        "rrn",
        "amount",
        "fee",
        "net",
        "nmid",
        "terminal",
        "issuer",
        "kind",
    )

    def candidates(self, column: str) -> tuple[str, ...]:
        """Return the headers a column may have, this provider's own first."""
        return (*self.names.get(column, ()), *COLUMNS[column])

    def header(self, column: str) -> str:
        """Return the header a person's own file should use for a column."""
        return self.candidates(column)[0]


_BY_HAND = frozenset({"static", "snap"})

PROFILES: dict[str, Profile] = {
    profile.key: profile
    for profile in (
        Profile("generic", N_("Any other file"), frozenset({"static", "snap", "midtrans", "simulator"})),
        Profile("bank", N_("Bank (BCA, BRI, BNI, Mandiri, BSI …)"), _BY_HAND),
        Profile(
            "gopay",
            "GoPay Merchant",
            _BY_HAND,
            {"reference": ("id transaksi", "nomor transaksi"), "fee": ("biaya mdr", "potongan mdr")},
        ),
        Profile("shopeepay", "ShopeePay", _BY_HAND, {"reference": ("transaction id",)}),
        Profile(
            "dana",
            "DANA",
            _BY_HAND,
            {
                "our_reference": ("merchant trans id", "merchant transaction id"),
                "reference": ("acquirement id", "txn id"),
                "date": ("txn date", "txn time", "paid time", "settle date"),
                "amount": ("txn amount",),
                "fee": ("charge amount", "total charge amount"),
                "net": ("net settle amount", "settle amount", "txn settle amount"),
            },
            unit=100,
            template=("reference", "date", "amount", "fee", "net", "currency", "kind"),
        ),
        Profile(
            "midtrans",
            "Midtrans",
            frozenset({"midtrans"}),
            {"date": ("transaction time",), "reference": ("transaction id",)},
            refunded_came=True,
            template=("our_reference", "reference", "date", "amount", "fee", "net", "status"),
        ),
        Profile(
            "xendit",
            "Xendit",
            _BY_HAND,
            {
                "our_reference": ("reference", "reference id", "external id"),
                "reference": ("product id", "payment id", "transaction id"),
                "date": ("date created", "created date", "created"),
                "issuer": ("payment channel", "channel"),
            },
            refunded_came=True,
            template=(
                "our_reference",
                "reference",
                "date",
                "amount",
                "fee",
                "tax",
                "net",
                "kind",
                "status",
            ),
        ),
        Profile("doku", "DOKU", _BY_HAND, {"our_reference": ("invoice number",)}),
        Profile("interactive", "InterActive QRIS (qris.id)", _BY_HAND, {"our_reference": ("invoice id",)}),
    )
}
"""Providers by key. Their own names come before the common ones, which are always understood too."""
