// The style sheet of report.html, one thing because its digest stands in the page's Content-Security-Policy. Colours hold WCAG AA in light and dark (html.test.ts computes it).

/** Text and background of each theme; `html.test.ts` checks every pair that occurs. */
export const THEMES = {
  light: {
    bg: '#ffffff',
    raised: '#f5f6f8',
    ink: '#181c22',
    quiet: '#545e6b',
    line: '#dde1e7',
    accent: '#1f4fbf',
    pass: '#12693b',
    waived: '#0a6074',
    warn: '#855400',
    inconclusive: '#855400',
    error: '#7c2a92',
    fail: '#b0141f',
    pending: '#3a4c9c',
    deferred: '#545e6b',
    'not-applicable': '#545e6b',
  },
  dark: {
    bg: '#12151a',
    raised: '#1a1f26',
    ink: '#e7eaef',
    quiet: '#a3adb9',
    line: '#2d343e',
    accent: '#8fb4ff',
    pass: '#63d29b',
    waived: '#6ec8dd',
    warn: '#efc05d',
    inconclusive: '#efc05d',
    error: '#dba4ff',
    fail: '#ff8f86',
    pending: '#a5b8ff',
    deferred: '#a9b3be',
    'not-applicable': '#a9b3be',
  },
} as const;

const variables = (theme: Readonly<Record<string, string>>): string =>
  Object.entries(theme)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
const STATES = ['pass', 'waived', 'warn', 'inconclusive', 'error', 'fail', 'pending', 'deferred', 'not-applicable'] as const;
const stateColours = STATES.map((state) => `.s-${state}{--s:var(--${state})}.fill-${state}{fill:var(--${state})}`).join('');

const base = `
:root{color-scheme:light dark;${variables(THEMES.light)}}
@media (prefers-color-scheme:dark){:root{${variables(THEMES.dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1080px;padding:40px 32px 64px;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
h1{font-size:20px;line-height:1.3;font-weight:600}
h2{font-size:17px;line-height:1.35;font-weight:650;margin:0 0 12px}
h3{font-size:12.5px;line-height:1.4;font-weight:650;letter-spacing:.05em;text-transform:uppercase;color:var(--quiet)}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,"Cascadia Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:2px;text-decoration-thickness:1px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
main>section{margin-top:48px}
.lead,.quiet{color:var(--quiet)}
.lead{margin-bottom:12px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px}
.skip:focus{left:16px;top:12px;background:var(--bg);padding:6px 10px}
${stateColours}
.badge{display:inline-flex;align-items:center;gap:5px;padding:1px 8px 1px 6px;border-radius:4px;font-size:12.5px;line-height:20px;font-weight:600;white-space:nowrap;color:var(--s);background:color-mix(in srgb,var(--s) 11%,var(--bg))}
.icon{flex:none;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
footer{margin-top:56px;padding-top:16px;border-top:1px solid var(--line);color:var(--quiet);font-size:13.5px}
`;

const first = `
.overline{display:flex;flex-wrap:wrap;gap:0 10px;color:var(--quiet);font-size:13.5px;margin-bottom:2px}
.overline span::before{content:"·";margin-right:10px}
.verdict{margin:20px 0 16px;display:flex;align-items:stretch;border-radius:8px;overflow:hidden;background:color-mix(in srgb,var(--s) 9%,var(--bg))}
.verdict .word{display:flex;align-items:center;padding:16px 24px;background:var(--s);color:var(--bg);font-size:24px;line-height:1.15;font-weight:700;text-transform:uppercase;letter-spacing:.03em}
.verdict .headline{padding:16px 24px;align-self:center;font-size:21px;line-height:1.35;font-weight:550;text-wrap:balance}
.caution{margin-top:8px;padding:8px 14px;border-left:3px solid var(--warn);background:var(--raised)}
.split{display:grid;grid-template-columns:5fr 6fr;gap:24px 48px;margin-top:28px}
.top h2{font-size:14px;margin-bottom:8px}
.tally,.timeline,.strip{display:block;overflow:visible}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:10px}
.legend li::before{content:"";display:inline-block;width:9px;height:9px;border-radius:2px;background:var(--s);margin-right:7px}
.facts>div{display:grid;grid-template-columns:108px 1fr;gap:12px;padding:3px 0}
.facts dt{color:var(--quiet)}
.facts dd{min-width:0}
.attempts{margin-top:24px}
.attempts li{display:grid;grid-template-columns:1fr auto;gap:2px 12px;align-items:baseline;padding:6px 0;border-top:1px solid var(--line)}
.attempts .why{grid-column:1/-1}
.attempts time{color:var(--quiet)}
.fixes li{display:grid;grid-template-columns:116px 1fr;gap:12px;align-items:baseline;padding:9px 0;border-top:1px solid var(--line)}
.fixes .badge{justify-self:start}
.fixes a{font-weight:600}
.fixes .name{color:var(--quiet);font-size:13.5px}
`;

const meeting = `
.since{margin-top:-4px;margin-bottom:12px;color:var(--quiet);font-size:13.5px}
.decision{margin:0 0 12px;padding:12px 16px;border:1px solid var(--line);border-left:4px solid var(--s);border-radius:4px}
.decision b{font-size:16px}
.decision ul{list-style:disc;padding-left:20px;margin:6px 0}
.contents{margin-top:28px;padding:8px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:14px}
.contents ul{display:flex;flex-wrap:wrap;gap:2px 18px}
.contents a{display:inline-block;padding:3px 0}
.spoken{max-width:920px;font-size:16px;line-height:1.55}
.spoken>div{display:grid;grid-template-columns:148px 1fr;column-gap:20px;padding:8px 0;border-top:1px solid var(--line)}
.spoken dt{color:var(--quiet);font-size:14px;line-height:1.75;grid-row:1/span 40}
.spoken dd{grid-column:2}
.spoken dd+dd{margin-top:4px}
.spoken>div:last-child{border-bottom:1px solid var(--line)}
.spoken .said{font-weight:600}
.verified li{display:grid;grid-template-columns:84px 1fr;gap:12px;align-items:baseline;padding:7px 0;border-top:1px solid var(--line)}
.verified .badge{justify-self:start;padding-left:8px}
.verified .name,.notes .quiet{font-size:12.5px;color:var(--quiet)}
.notes li{padding:8px 0;border-top:1px solid var(--line)}
.risks{columns:2;column-gap:48px}
.risks article{break-inside:avoid;padding-bottom:26px}
.risks h3{text-transform:none;letter-spacing:0;font-size:15px;color:var(--ink);margin-bottom:2px}
.risks article>.quiet{font-size:13.5px}
.watching{margin-top:8px}
.watching li{display:flex;gap:10px;align-items:baseline;padding:2px 0}
.watching .badge{flex:none}
.risks .facts{margin-top:6px;font-size:13.5px}
.risks .facts>div{grid-template-columns:80px 1fr}
#verify .facts>div{grid-template-columns:300px 1fr}
td .badge{padding-left:8px}
td .badge:has(.icon),th .badge:has(.icon){padding-left:6px}
`;

const tables = `
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14px}
th,td{padding:7px 16px 7px 0;text-align:left;vertical-align:baseline;font-weight:400}
tr>:last-child{padding-right:0}
thead th{font-size:12.5px;color:var(--quiet);padding-top:0;padding-bottom:5px;white-space:nowrap}
tbody tr{border-top:1px solid var(--line)}
.figure{text-align:right;white-space:nowrap}
.when{white-space:nowrap}
.wide{width:38%}
td.wide:has(.timeline){vertical-align:middle}
.wide code,.wide .timeline{display:block;min-width:220px}
.plain li+li{margin-top:2px}
.rows{margin-top:28px}
.rows h3{margin-bottom:6px}
.checklist{table-layout:fixed}
.col-state{width:142px}.col-number{width:136px}.col-limit{width:144px}.col-distance{width:104px}.col-samples{width:120px}
.checklist .figure{white-space:normal}
.checklist>tbody>tr>th{font-weight:550;font-size:15px}
.id{display:block;font-weight:400;font-size:12.5px;color:var(--quiet)}
.optional,.statistic{font-weight:400;color:var(--quiet);font-size:12.5px}
.number{font-weight:650;font-size:15px}
.s-fail .number{color:var(--s)}
.changed{display:block;font-size:12.5px;color:var(--warn)}
.label{display:none}
.reason{color:var(--quiet)}
.s-fail .reason,.s-error .reason,.s-inconclusive .reason{color:var(--ink)}
tr.more{border-top:0}
tr.more>td{padding-top:0;padding-bottom:14px}
tr:target{background:var(--raised)}
.evidence{display:grid;gap:8px}
.sentences p+p{margin-top:2px}
.next code{font-weight:600}
.findings{border-left:2px solid var(--s);padding-left:12px}
.findings li{display:flex;align-items:baseline;flex-wrap:wrap;gap:0 10px;padding:2px 0}
.findings b{min-width:52px}
.case-failed{color:var(--fail)}.case-flaky,.case-not-run{color:var(--warn)}
.broken{color:var(--error)}
summary{cursor:pointer;color:var(--quiet)}
.instruments{columns:290px;column-gap:40px}
.instruments li{break-inside:avoid;padding-bottom:20px}
.instruments h3{text-transform:none;letter-spacing:0;font-size:15px;color:var(--ink);display:flex;flex-wrap:wrap;gap:2px 8px;align-items:baseline;margin-bottom:4px}
.instruments h3 .quiet{font-weight:400;min-width:0}
.instruments .badge{padding-left:8px}
.instruments .facts>div{grid-template-columns:160px 1fr;font-size:14px}
`;

const charts = `
figcaption{font-size:12.5px;color:var(--quiet);margin-top:2px}
.compared-pictures{padding-bottom:24px}
.compared-pictures h3{text-transform:none;letter-spacing:0;font-size:15px;color:var(--ink)}
.side-by-side{display:grid;grid-template-columns:repeat(3,1fr);gap:16px;margin-top:8px;align-items:start}
.side-by-side img{display:block;max-width:100%;height:auto;border:1px solid var(--line);background:#fff}
.strip text{font-size:11.5px;fill:var(--quiet)}
.density{fill:color-mix(in srgb,var(--accent) 42%,var(--bg))}
.density.beyond{fill:color-mix(in srgb,var(--quiet) 55%,var(--bg))}
.s-fail .density.beyond{fill:var(--fail)}
.axis{stroke:var(--line)}
.mark{stroke:var(--ink);stroke-opacity:.55}
.strip .mark-name{fill:var(--ink);font-weight:600}
.limit{stroke:var(--fail);stroke-width:2;stroke-dasharray:5 3}
.strip .limit-name{fill:var(--fail);font-weight:650}
.sample{stroke:var(--accent);stroke-width:1.5;stroke-opacity:.75}
.density.before{fill:color-mix(in srgb,var(--quiet) 55%,var(--bg))}
.strip .side-name{fill:var(--ink);font-weight:600}
.track{fill:var(--line)}
.bar{fill:var(--accent)}
.bar.broken{fill:var(--error)}
`;

const narrow = `
@media screen and (max-width:980px){.col-state{width:138px}.col-number{width:130px}.col-limit{width:96px}.col-distance{width:96px}.col-samples{width:92px}.checklist th,.checklist td{padding-right:12px}.split{column-gap:32px}}
@media screen and (max-width:840px){
body{padding:24px 16px 48px}
.verdict{flex-direction:column}
.verdict .word{padding:10px 16px;font-size:19px}
.verdict .headline{padding:12px 16px;align-self:start;font-size:18px}
.split{grid-template-columns:1fr}
.fixes li{grid-template-columns:1fr;gap:4px}
.facts>div,.instruments .facts>div{grid-template-columns:96px 1fr}
main>section{margin-top:40px}
.spoken>div{grid-template-columns:1fr}
.spoken dt{grid-row:auto}
.spoken dd{grid-column:1}
.risks{columns:1}
.side-by-side{grid-template-columns:1fr}
#verify .facts>div{grid-template-columns:1fr;gap:0;padding:6px 0}
.verified li{grid-template-columns:1fr;gap:2px}
.checklist,.checklist>tbody{display:block}
.checklist>thead,.checklist>colgroup,.checklist .gap{display:none}
.checklist>tbody>tr{display:grid;grid-template-columns:1fr 1fr;gap:2px 16px;padding:12px 0}
.checklist>tbody>tr>*{padding:0}
.checklist>tbody>tr>.state,.checklist>tbody>tr>th,.checklist>tbody>tr>.reason,.checklist>tbody>.more>td{grid-column:1/-1}
.checklist>tbody>tr>.figure{text-align:left}
.checklist>tbody>tr.more{padding-top:0}
.label{display:inline-block;min-width:52px;margin-right:6px;font-weight:400;font-size:12.5px;color:var(--quiet)}
.statistic{display:none}
.changed{margin-left:58px}
.findings li{display:block}
.findings li>*{margin-right:8px}
}
`;

/** Paper is white: the light colours, all details open, nothing torn apart that belongs together. */
const print = `
@media print{
:root{color-scheme:light;${variables(THEMES.light)}}
@page{margin:14mm}
body{max-width:none;padding:0;zoom:.8}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}
main>section{margin-top:32px}
h2,h3{break-after:avoid}
#read-aloud{break-before:page}
#read-aloud+section,#risks{break-before:page}
.col-state{width:118px}.col-number{width:138px}.col-limit{width:100px}.col-distance{width:108px}.col-samples{width:96px}
.risks{font-size:14px}
.contents,.skip{display:none}
.spoken{max-width:none}
tr,li,figure,.verdict,.split{break-inside:avoid}
tr.followed{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}
.scroll{overflow:visible}
}
@media (forced-colors:active){.badge,.verdict .word{border:1px solid}}
`;

export const STYLE = [base, first, meeting, tables, charts, narrow, print].join('').trim();
