"""SM4 in ECB mode, as HJ 212-2025 enciphers whole blocks of a data area; the cipher is the library's.

The library is loaded with the first key: most installations never meet one.
"""

from __future__ import annotations

from collections.abc import Callable

KEY_BYTES = 16  # HJ 212-2025: 128 bits


def encrypting(key: bytes) -> Callable[[bytes], bytes]:
    """The function that enciphers whole blocks.

    Errors  ValueError where the key has not 16 bytes
    """
    cipher = _cipher(key)

    def encrypt(plain: bytes) -> bytes:
        run = cipher.encryptor()
        return bytes(run.update(plain) + run.finalize())

    return encrypt


def decrypting(key: bytes) -> Callable[[bytes], bytes]:
    """The function that deciphers whole blocks (``Device.decrypt``).

    Errors  ValueError where the key has not 16 bytes
    """
    cipher = _cipher(key)

    def decrypt(sealed: bytes) -> bytes:
        run = cipher.decryptor()
        return bytes(run.update(sealed) + run.finalize())

    return decrypt


def _cipher(key: bytes):  # type: ignore[no-untyped-def]
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    if len(key) != KEY_BYTES:
        raise ValueError(f"an SM4 key has {KEY_BYTES} bytes, not {len(key)}")
    return Cipher(algorithms.SM4(key), modes.ECB())
