"""A PDF that carries its text is read like the text itself."""

from __future__ import annotations

from pathlib import Path

from lantian.plan.read import read_bytes, read_text

PLAN = (Path(__file__).parent / "documents" / "hanshan-winter.txt").read_text(encoding="utf-8")
LINES_A_PAGE = 40


def portable(text: str) -> bytes:
    """A PDF by hand: one line of text a line, characters named by their code points."""
    lines = text.split("\n")
    pages = [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)]
    used = sorted({char for char in text if char != "\n"})
    names = "".join(
        f"{len(part)} beginbfchar\n" + "".join(f"<{ord(c):04X}> <{ord(c):04X}>\n" for c in part) + "endbfchar\n"
        for part in (used[at : at + 100] for at in range(0, len(used), 100))
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{names}endcmap end end"
    )
    kids = " ".join(f"{7 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        "/Supplement 0 >> /FontDescriptor 6 0 R /DW 1000 >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
        "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 "
        "/Descent -200 /CapHeight 800 /StemV 80 >>",
    ]
    for number, page in enumerate(pages):
        shown = "\n".join(f"<{''.join(f'{ord(c):04X}' for c in line)}> Tj T*" for line in page)
        content = f"BT /F 10 Tf 14 TL 40 800 Td\n{shown}\nET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2000 842] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {8 + 2 * number} 0 R >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>"
    return out + f"{tail}\nstartxref\n{len(out)}\n%%EOF".encode("ascii")


def test_a_pdf_gives_what_the_text_gives() -> None:
    read, wanted = read_bytes(portable(PLAN), "plan.pdf"), read_text(PLAN)
    assert len(wanted["articles"]) > 3
    assert [(a["n"], a["title"]) for a in read["articles"]] == [(a["n"], a["title"]) for a in wanted["articles"]]
    for name in ("targets", "rules", "procedures"):
        assert len(read[name]) == len(wanted[name])
    assert [(t["value"], t["unit"], t["deadline"]) for t in read["targets"]] == [
        (t["value"], t["unit"], t["deadline"]) for t in wanted["targets"]
    ]
