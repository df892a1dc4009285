#!/usr/bin/env python3
"""A workbook holds the numbers of its report, and LibreOffice computes each of its formulas to the value that it states.

    workbook_test.py VORRAT TABLES.json FOLDER

The stated values are taken out before LibreOffice opens the workbook, so that it has to compute them.
"""
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheets(file):
    """By sheet: {cell: (number, formula)}; cells with words are left out."""
    result = {}
    with zipfile.ZipFile(file) as parts:
        links = {link.get("Id"): link.get("Target") for link in xml.fromstring(parts.read("xl/_rels/workbook.xml.rels"))}
        for sheet in xml.fromstring(parts.read("xl/workbook.xml")).find(MAIN + "sheets"):
            path = "xl/" + links[sheet.get(LINK)].removeprefix("/xl/")
            cells = {}
            for cell in xml.fromstring(parts.read(path)).iter(MAIN + "c"):
                value, formula = cell.find(MAIN + "v"), cell.find(MAIN + "f")
                if cell.get("t") in ("s", "inlineStr", "b") or value is None:
                    continue
                if cell.get("t") in ("e", "str"):
                    sys.exit(f"{sheet.get('name')}!{cell.get('r')} is {value.text}, no number")
                cells[cell.get("r")] = (float(value.text), None if formula is None else formula.text)
            result[sheet.get("name")] = cells
    return result


def without_stated_values(source, target):
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as stripped:
        for name in parts.namelist():
            data = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            stripped.writestr(name, data)


def near(a, b):
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def main(vorrat, tables, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    book, bare = folder / "report.xlsx", folder / "bare.xlsx"
    subprocess.run([vorrat, "report", tables, "--xlsx", book], check=True)
    stated = sheets(book)
    faults = []

    for section in json.loads(pathlib.Path(tables).read_text())["sections"]:
        for table in section["tables"]:
            numbers = sorted(cell for row in table["rows"] for cell in row if isinstance(cell, (int, float)))
            written = sorted(number for number, _ in stated[table["id"]].values())
            if len(numbers) != len(written) or not all(map(near, numbers, written)):
                faults.append(f"sheet {table['id']} has not the numbers of its table")

    formulas = {(sheet, cell): value for sheet, cells in stated.items() for cell, (value, formula) in cells.items() if formula}
    if not formulas:
        faults.append("there is no formula")
    without_stated_values(book, bare)
    out = folder / "recalculated"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder.resolve()}/profile", "--headless", "--convert-to", "xlsx",
                    "--outdir", out, bare], check=True, stdout=subprocess.DEVNULL)
    computed = sheets(out / "bare.xlsx")
    for (sheet, cell), value in formulas.items():
        found = computed[sheet].get(cell, (None,))[0]
        if found is None or not near(found, value):
            faults.append(f"{sheet}!{cell} states {value}, LibreOffice computes {found}")
    with zipfile.ZipFile(book) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    if not charts:
        faults.append("there is no native chart")
    print(f"{len(stated)} sheets, {len(formulas)} formulas, {len(charts)} charts")
    sys.exit("\n".join(faults) or 0)


main(*sys.argv[1:])
