// The approval of the plan itself: the four rows of plan, Document Control.
import type { Gate } from '../model/criterion.ts';
import { section } from './rows.ts';

const SOURCE = 'plan, Document Control';
const APPROVERS = ['CTO', 'Engineering Lead', 'Security Lead', 'Product Owner'];

export const planApproval: Gate = {
  id: 'plan',
  title: 'Approval of the migration plan',
  objective: 'The plan is approved before phase 0 begins.',
  source: SOURCE,
  approvers: APPROVERS,
  criteria: section('plan', SOURCE, 'Approval Required From', { slug: 'approval' }).signatures(...APPROVERS),
};
