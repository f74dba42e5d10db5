// Reads k6's points (`--out json=-`) as they come: keeps the wanted metrics, skips the others unread. Used by the process that runs k6.

export interface Point {
  readonly metric: string;
  /** ms since the epoch, with its fraction. */
  readonly atMs: number;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Which arrival of the schedule it belongs to; absent where to none. */
  readonly arrival: number | undefined;
}

interface Line {
  readonly metric: string;
  readonly data: {
    readonly time: string;
    readonly value: number;
    readonly tags?: Readonly<Record<string, string>> | null;
    readonly metadata?: Readonly<Record<string, string>>;
  };
}

/** Answers what takes each chunk of the stream. Two thirds of its lines are of metrics that nobody wants: they cost no parsing. Throws SyntaxError for a damaged line. */
export function pointReader(wanted: readonly string[], onPoint: (point: Point) => void): (chunk: string) => void {
  const starts = wanted.map((metric) => `{"metric":"${metric}",`);
  const clock = openClock();
  let tail = '';
  return (chunk) => {
    const text = tail + chunk;
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      if (starts.some((start) => text.startsWith(start, from))) onPoint(pointOf(JSON.parse(text.slice(from, end)) as Line, clock));
      from = end + 1;
    }
    tail = text.slice(from);
  };
}

function pointOf({ metric, data }: Line, clock: (time: string) => number): Point {
  const arrival = data.metadata?.['arrival'];
  return { metric, atMs: clock(data.time), value: data.value, tags: data.tags ?? {}, arrival: arrival === undefined ? undefined : Number(arrival) };
}

/** RFC 3339 with up to 9 digits of the second, of which `Date` would keep 3. Throws SyntaxError. */
function openClock(): (time: string) => number {
  let second = '';
  let secondMs = 0;
  return (time) => {
    const parts = /^(.{19})(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(time);
    if (parts === null) throw new SyntaxError(`k6 wrote a time that is none: ${time}`);
    const [, upToSecond = '', fraction = '0', zone = 'Z'] = parts;
    if (upToSecond + zone !== second) {
      second = upToSecond + zone;
      secondMs = Date.parse(second);
    }
    return secondMs + Number(`0.${fraction}`) * 1000;
  };
}
