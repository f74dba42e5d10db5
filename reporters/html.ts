// report.html: one file without script or outside reference, for the screen, the phone, print and the dark; what a lead takes into the gate meeting.
import { createHash } from 'node:crypto';
import type { ReadArtifact, Reporter, RunReport, RunView } from '../gates/model.ts';
import { comparedTables } from './html/compared-tables.ts';
import { criteria } from './html/criteria.ts';
import { compared } from './html/compared.ts';
import { firstScreen, toFix } from './html/first-screen.ts';
import { changedLimits, deferred, notApplicable, pending, waivers } from './html/lists.ts';
import { pageBytes } from './html/page-bytes.ts';
import { documents, findings, notes, signatures } from './html/papers.ts';
import { comparedPictures } from './html/pictures.ts';
import { artifacts, executions, howToVerify, instruments, provenance } from './html/proof.ts';
import { readAloudPage } from './html/read-aloud.ts';
import { riskMatrix } from './html/risks.ts';
import { STYLE } from './html/style.ts';
import { documentText, h, style } from './markup.ts';
import type { Markup } from './markup.ts';
import { oneLine } from './plain-text.ts';
import { settledReport } from './settled.ts';
import { STATE_WORDS } from './wording.ts';

/** Nothing may load or run; only the style sheet of this very file counts, by its digest. */
function securityPolicy(): string {
  const digest = createHash('sha256').update(STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function head({ verdict, title, environment }: RunReport): Markup {
  return h(
    'head',
    null,
    h('meta', { charset: 'utf-8' }),
    h('meta', { 'http-equiv': 'Content-Security-Policy', content: securityPolicy() }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('meta', { name: 'referrer', content: 'no-referrer' }),
    h('title', null, `${STATE_WORDS[verdict].toUpperCase()}: ${oneLine(title)} on ${oneLine(environment)}`),
    style(STYLE),
  );
}

/** In the order of the meeting: what is decided on, then what it rests on. */
function sections(view: RunView, report: RunReport, read: ReadArtifact): (Markup | false)[] {
  const { papers } = view;
  return [
    readAloudPage(view),
    toFix(report),
    notApplicable(report),
    waivers(report),
    changedLimits(report),
    criteria({ ...view, report }),
    compared(view, report),
    comparedTables(report, read),
    comparedPictures(report, read),
    pageBytes(report, read),
    pending(report, papers),
    deferred(report),
    findings(papers),
    documents(report, papers),
    signatures(report, papers),
    notes(papers),
    riskMatrix(report),
    instruments(report),
    executions(report),
    artifacts(report),
    provenance(report),
    howToVerify(report, papers),
  ];
}

function body(view: RunView, report: RunReport, read: ReadArtifact): Markup {
  return h(
    'body',
    null,
    h('a', { class: 'skip', href: '#criteria' }, 'Skip to the checklist'),
    firstScreen(view, report),
    h('main', null, ...sections(view, report, read)),
    h(
      'footer',
      null,
      h(
        'p',
        null,
        'Only positive evidence passes: no data, too few samples or a sick instrument is never a pass. The verdict is the worst of the required criteria that have one.',
      ),
    ),
  );
}

export const html: Reporter = {
  format: 'html',
  file: 'report.html',
  render: (view, read) => {
    const report = settledReport(view);
    return documentText(h('html', { lang: 'en' }, head(report), body(view, report, read)));
  },
};
