// Phase 6, Plugin System Modernization: the 17 rows of plan §6.5, in the plan's words and order.
import type { Gate } from '../model/criterion.ts';
import { bundleManifest, document, junit } from './documents.ts';
import { cases, pluginDeployments, pluginSandbox, pluginsLoaded, registry } from './measures.ts';
import { section } from './rows.ts';
import { standing } from './standing.ts';

const GATE = 'phase6';
const SOURCE = 'plan §6.5';
const functionality = section(GATE, SOURCE, 'Functionality');
const experience = section(GATE, SOURCE, 'Developer Experience');
const security = section(GATE, SOURCE, 'Security');
const testing = section(GATE, SOURCE, 'Testing');
const signOff = section(GATE, SOURCE, 'Sign-off');

const SANDBOX_NOTE =
  "The plan's sandbox is Node's vm, which its own documentation calls no security mechanism, and its fetch blocks two spellings of localhost. Measured is whether a hostile plugin gets out or in, by every spelling we know.";

export const phase6: Gate = {
  id: GATE,
  title: 'Phase 6: Plugin System Modernization',
  objective: 'Modernize plugin system for contributor-friendly deployment.',
  source: SOURCE,
  approvers: ['Platform Lead', 'Security Lead', 'Developer Relations'],
  team: { lead: 'Platform Lead', reviewers: ['Security', 'DevRel'], onCall: ['Platform'] },
  criteria: [
    functionality.measured({ row: 'registry', text: 'Plugin registry working' }, registry),
    functionality.measured({ row: 'deployment', text: 'Plugin deployment working' }, pluginDeployments),
    functionality.measured({ row: 'loading', text: 'Plugin loading working' }, pluginsLoaded),
    functionality.measured({ row: 'review-workflow', text: 'Plugin review workflow working' }, cases('plugin-review', 'plugins.review')),

    experience.evidence(
      { row: 'cli', text: 'CLI documented and tested' },
      document('The documentation of the plugin CLI: every command and option.'),
      junit('unit'),
    ),
    experience.evidence(
      { row: 'template', text: 'Plugin template created' },
      document('The template, and the log of a plugin made from it that loaded.'),
      bundleManifest('The manifest of the build of a plugin made from the template.'),
    ),
    experience.evidence({ row: 'documentation-site', text: 'Documentation site updated' }, document('The address of the site, with what was changed.')),
    experience.evidence({ row: 'examples', text: 'Example plugins created' }, document('The example plugins, each with its source.')),

    security.measured({ row: 'sandbox', text: 'Plugin sandboxing working', note: SANDBOX_NOTE }, pluginSandbox),
    security.measured({ row: 'permissions', text: 'Permission system working' }, cases('plugin-permissions', 'plugins.permissions')),
    security.measured(
      {
        row: 'review-enforcement',
        text: 'Review workflow enforced',
        note: "The plan's CLI (§6.2) registers a version with no review; enforced means that what was not approved cannot be loaded.",
      },
      cases('plugin-review', 'plugins.review-enforcement'),
    ),

    testing.measured({ row: 'deployment-tests', text: 'Plugin deployment tests passing' }, pluginDeployments),
    testing.measured({ row: 'loading-tests', text: 'Plugin loading tests passing' }, pluginsLoaded),
    testing.measured({ row: 'sandbox-tests', text: 'Sandbox security tests passing', note: SANDBOX_NOTE }, pluginSandbox),

    ...signOff.signatures('Platform Lead', 'Security Lead', 'Developer Relations'),

    ...standing(GATE, 5),
  ],
};
