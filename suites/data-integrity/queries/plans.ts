// Reads EXPLAIN's plans and tells where the target's is worse than the legacy one's: an index no longer used, a sort that an index had spared, a cost of another order. Pure; used by query-times.

/** What of a node of EXPLAIN (VERBOSE, FORMAT JSON) matters here. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Total Cost': number;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly PlanNode[];
}

/** How a table is read. `whole`: every row of it; `in-order`: every row along an index, often ended by a LIMIT; `by-key`: those that a key finds. */
type Reach = 'by-key' | 'in-order' | 'whole';
const RANK: Readonly<Record<Reach, number>> = { 'by-key': 0, 'in-order': 1, whole: 2 };

interface Access {
  readonly schema: string;
  readonly table: string;
  readonly reach: Reach;
  readonly node: string;
  readonly index: string | undefined;
}

/** What one side knows of a table that a plan reads. */
export interface TableFacts {
  /** The planner's estimate; negative: never analysed. */
  readonly rows: number;
  /** Of each index: whether it can be used. */
  readonly indexes: ReadonlyMap<string, boolean>;
}
export interface SidePlan {
  readonly plan: PlanNode;
  /** By the name that `nameOf` gives. */
  readonly tables: ReadonlyMap<string, TableFacts>;
  /** `schema.table` of the target for a table of this side. */
  nameOf(schema: string, table: string): string;
}

/** On fewer rows a sequential scan is as good, and the planner knows. */
const MIN_ROWS = 500;
/** Estimates differ by some factor from one side to the other without any harm; this is another order. */
const COST_FACTOR = 10;
/** Below it, in the planner's units (a page read in order is 1), the whole statement is nothing. */
const MIN_COST = 1000;

/** In words, one for each reason; empty: as good as before. */
export function regressions(legacy: SidePlan, target: SidePlan): readonly string[] {
  return [...lostIndexes(legacy, target), ...addedSorts(legacy.plan, target.plan), ...otherCosts(legacy.plan, target.plan)];
}

function lostIndexes(legacy: SidePlan, target: SidePlan): string[] {
  const before = Map.groupBy(accesses(legacy.plan), ({ schema, table }) => legacy.nameOf(schema, table));
  const now = Map.groupBy(accesses(target.plan), ({ schema, table }) => target.nameOf(schema, table));
  return [...now].flatMap(([name, own]) => {
    const worstBefore = worst(before.get(name) ?? []);
    const worstNow = worst(own);
    const rows = Math.max(target.tables.get(name)?.rows ?? 0, legacy.tables.get(name)?.rows ?? 0);
    if (worstBefore === undefined || worstNow === undefined || RANK[worstNow.reach] <= RANK[worstBefore.reach] || rows < MIN_ROWS) return [];
    const index = worstBefore.index;
    const lost = index === undefined ? '' : ` ${indexWords(index, target.tables.get(name)?.indexes)}`;
    return [`${name} (${rows} rows) is read by ${worstNow.node}, before by ${worstBefore.node}${index === undefined ? '' : ` on ${index}`}.${lost}`];
  });
}

function indexWords(index: string, indexes: ReadonlyMap<string, boolean> | undefined): string {
  const isUsable = indexes?.get(index);
  if (isUsable === undefined) return `The target has no index ${index}.`;
  return isUsable ? `The target has ${index}, and does not use it.` : `${index} is invalid on the target.`;
}

function addedSorts(legacy: PlanNode, target: PlanNode): string[] {
  const sorted = (plan: PlanNode): number =>
    Math.max(0, ...nodes(plan).flatMap((node) => (node['Node Type'] === 'Sort' ? (node.Plans?.[0]?.['Plan Rows'] ?? 0) : [])));
  const [before, now] = [sorted(legacy), sorted(target)];
  return before === 0 && now >= MIN_ROWS ? [`${now} rows are sorted, where an index gave the order before.`] : [];
}

function otherCosts({ 'Total Cost': before }: PlanNode, { 'Total Cost': now }: PlanNode): string[] {
  return now >= MIN_COST && now >= COST_FACTOR * before
    ? [`The planner's cost is ${Math.round(now)}, before ${Math.round(before)} (× ${Math.round(now / Math.max(before, 0.01))}).`]
    : [];
}

/** Every table that a plan reads. */
export function accesses(plan: PlanNode): readonly Access[] {
  return nodes(plan).flatMap((node) => {
    const { 'Node Type': type, 'Relation Name': table, Schema: schema } = node;
    if (table === undefined || schema === undefined) return [];
    if (type === 'Bitmap Heap Scan')
      return [{ schema, table, reach: 'by-key', node: type, index: nodes(node).find((one) => one['Index Name'])?.['Index Name'] }];
    const index = node['Index Name'];
    const reach: Reach = index === undefined ? (type.endsWith('Seq Scan') ? 'whole' : 'by-key') : node['Index Cond'] === undefined ? 'in-order' : 'by-key';
    return [{ schema, table, reach, node: type, index }];
  });
}

function worst(own: readonly Access[]): Access | undefined {
  return own.toSorted((a, b) => RANK[b.reach] - RANK[a.reach])[0];
}

function nodes(plan: PlanNode): readonly PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

/** `Limit › Nested Loop › Index Scan on Post using Post_createdAt_idx`, for the artifact. */
export function planWords(plan: PlanNode): string {
  return nodes(plan)
    .map(({ 'Node Type': type, 'Relation Name': table, 'Index Name': index }) =>
      [type, ...(table === undefined ? [] : [`on ${table}`]), ...(index === undefined ? [] : [`using ${index}`])].join(' '),
    )
    .join(' › ');
}
