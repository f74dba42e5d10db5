import { expect, test } from 'vitest';
import { type Point, pointReader } from './points.ts';

// As k6 v2.1.0 writes them, with a line of a metric and one of its own words among them.
const RECORDED = `{"type":"Metric","data":{"name":"http_reqs","type":"counter","contains":"default","thresholds":[],"submetrics":null},"metric":"http_reqs"}
{"metric":"http_reqs","type":"Point","data":{"time":"2026-11-23T05:41:23.89934945Z","value":1,"tags":{"route":"null","status":"200"},"metadata":{"arrival":"7998"}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-23T05:41:23.89934945Z","value":3.034468,"tags":{"route":"null","status":"200"},"metadata":{"arrival":"7998"}}}
{"metric":"http_req_duration_of_another","type":"Point","data":{"time":"2026-11-23T05:41:23.89934945Z","value":1,"tags":{}}}

     execution: local
{"metric":"dropped_iterations","type":"Point","data":{"time":"2026-11-23T07:41:24+02:00","value":1,"tags":null}}
`;

function read(chunks: readonly string[]): Point[] {
  const points: Point[] = [];
  const take = pointReader(['http_req_duration', 'dropped_iterations'], (point) => points.push(point));
  for (const chunk of chunks) take(chunk);
  return points;
}

test('the wanted metrics are read, the others skipped', () => {
  const points = read([RECORDED]);
  expect(points.map(({ metric, value, tags, arrival }) => ({ metric, value, tags, arrival }))).toEqual([
    { metric: 'http_req_duration', value: 3.034468, tags: { route: 'null', status: '200' }, arrival: 7998 },
    { metric: 'dropped_iterations', value: 1, tags: {}, arrival: undefined },
  ]);
});

test('times keep their fractions of a millisecond, in any zone', () => {
  const [first, second] = read([RECORDED]);
  expect(first!.atMs - Date.parse('2026-11-23T05:41:23.899Z')).toBeCloseTo(0.34945, 3);
  expect(second!.atMs).toBe(Date.parse('2026-11-23T05:41:24Z'));
});

test('it is the same wherever the stream is cut', () => {
  const whole = read([RECORDED]);
  for (let size = 1; size < 400; size += 37) {
    const chunks = Array.from({ length: Math.ceil(RECORDED.length / size) }, (_, index) => RECORDED.slice(index * size, (index + 1) * size));
    expect(read(chunks)).toEqual(whole);
  }
});

test('a last line without its end, as k6 leaves one when it is killed, is no point', () => {
  expect(read([RECORDED.trimEnd()])).toHaveLength(1);
});

test('a damaged line and a time that is none are no points but errors', () => {
  expect(() => read(['{"metric":"http_req_duration","type":"Po\n'])).toThrow(SyntaxError);
  expect(() => read(['{"metric":"http_req_duration","type":"Point","data":{"time":"yesterday","value":1}}\n'])).toThrow('yesterday');
});
