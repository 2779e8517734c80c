/** What the corpus's programs print to PDF: a sample contract, a form, a page set vertically. */

export const CONTRACT = `<html lang="ja"><meta charset="utf-8"><title>工事請負契約書</title><h1>工事請負契約書</h1>
<p>見本市（以下「発注者」という。）と株式会社サンプル（以下「受注者」という。）は、次の条項により請負契約を締結する。</p>
<p>契約金額 1,100,000円</p><p style="page-break-before:always">第１条 総則</p></html>`;

export const FORM = `<html lang="ja"><meta charset="utf-8"><title>請書</title><h1>請書</h1>
<form><p>住所 <input type="text" name="address" size="40"></p><p><input type="checkbox" name="agree">承諾する</p></form></html>`;

export const VERTICAL = `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
 <office:automatic-styles><style:page-layout style:name="V"><style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" style:writing-mode="tb-rl" fo:margin="20mm"/></style:page-layout></office:automatic-styles>
 <office:master-styles><style:master-page style:name="Standard" style:page-layout-name="V"/></office:master-styles>
 <office:body><office:text><text:p>売買契約書</text:p><text:p>見本市（以下「甲」という。）と株式会社サンプル（以下「乙」という。）は、（一）次のとおり契約を締結する。</text:p></office:text></office:body>
</office:document>`;

/** mutool's page description. */
export const GREETING = `%%MediaBox 0 0 595 842
%%Font Tm Times-Roman
BT /Tm 24 Tf 72 700 Td (Contract) Tj ET
`;
