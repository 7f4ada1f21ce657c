"""Forty texts that would run, load or break out of something if a page did not escape them.

Each that could run does so by `window.executed`; each that could make an element makes one that
carries `data-payload` or is an `x-payload`."""

RUN = "window.executed=1"

PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<script data-payload src=data:text/javascript,{RUN}></script>",
    f"<img data-payload src=x onerror={RUN}>",
    f"<svg data-payload onload={RUN}>",
    f"<body onload={RUN}>",
    f"<iframe data-payload srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a data-payload href=javascript:{RUN}>x</a>",
    f"<form data-payload action=javascript:{RUN}><button>x</button></form>",
    "<x-payload></x-payload>",
    "</textarea><x-payload></x-payload>",
    "</title><x-payload></x-payload>",
    "</select><x-payload></x-payload>",
    "</script><x-payload></x-payload>",
    "</style><x-payload></x-payload>",
    "--><x-payload></x-payload><!--",
    "]]><x-payload></x-payload>",
    f'" data-payload onfocus={RUN} autofocus x="',
    f"' data-payload onfocus={RUN} autofocus x='",
    f'"><x-payload onclick={RUN}>',
    "'><x-payload>",
    f"` data-payload onmouseover={RUN}",
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "&lt;x-payload&gt;",
    "&#60;x-payload&#62;",
    "&quot;&gt;<x-payload>",
    "%3Cx-payload%3E",
    "\\x3cx-payload\\x3e",
    "\\u003cx-payload\\u003e",
    "{{ 7 * 7 }}",
    "{% raise %}",
    "${7*7}",
    "#{7*7}",
    "{{constructor.constructor('window.executed=1')()}}",
    "<math><mtext><x-payload></mtext></math>",
    "<template><x-payload></template>",
    "<base href=//example.org data-payload>",
    "<meta http-equiv=refresh content='0;url=//example.org' data-payload>",
    "<link rel=stylesheet href=//example.org/x.css data-payload>",
)

ALL_AT_ONCE = " ".join(PAYLOADS)
