"""The readers' own certificate authority, and a certificate for each reader. Worth nothing elsewhere."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sandbox.shelf import Shelf

_YEARS_OF_AUTHORITY = 10
_YEARS_OF_READER = 2


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs the certificates of one sandbox's readers."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, shelf: Shelf, *, now: datetime | None = None) -> Authority:
        """The one of before where it is remembered, so that whoever trusts it still can; else a new one."""
        for row in shelf.rows("reader_authority"):
            key = serialization.load_pem_private_key(row["key"].encode(), password=None)
            if isinstance(key, ec.EllipticCurvePrivateKey):
                return cls(x509.load_pem_x509_certificate(row["certificate"].encode()), key)
        made = cls.new(now=now or datetime.now(tz=UTC))
        made.keep(shelf)
        return made

    @classmethod
    def new(cls, *, now: datetime) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("Sandbox readers, not real")
        certificate = (
            _builder(name, name, key, now=now, years=_YEARS_OF_AUTHORITY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    def keep(self, shelf: Shelf) -> None:
        shelf.put("reader_authority", "one", {"certificate": self.pem, "key": _pem_of(self.key)})

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def server_context(self, common_name: str, *, now: datetime | None = None) -> ssl.SSLContext:
        """TLS 1.2 and newer, with a certificate for this name and no other."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        moment = now or datetime.now(tz=UTC)
        certificate = (
            _builder(_name(common_name), self.certificate.subject, key, now=moment, years=_YEARS_OF_READER)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(issuer_key, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # The standard library reads certificates from files only.
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "reader.pem"
            path.touch(mode=0o600)
            path.write_text(
                _pem_of(key) + certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"), encoding="ascii"
            )
            context.load_cert_chain(path)
        return context


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, now: datetime, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem_of(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")
