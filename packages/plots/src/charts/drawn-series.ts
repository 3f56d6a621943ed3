import type { BandMark, Chart, IntervalMark } from './chart.js';
import { colorOf, dashOf, inks } from './colors.js';

/** The drawing functions of a custom series of ECharts. */
interface Drawing {
  coord(point: readonly number[]): [x: number, y: number];
}

/** Returns the marks of a chart as series of ECharts, from back to front. */
export function drawnSeries({ lines = [], bands = [], dots = [], intervals = [], verticals = [], diagonal = false }: Chart): object[] {
  return [
    ...bands.map(bandSeries),
    ...(diagonal ? [diagonalSeries] : []),
    ...lines.map(({ points, color, dots: shown = false }) => ({
      type: 'line',
      clip: false, // All points are inside, and clip paths are removed.
      data: points.map(([x, y]) => [x, Number.isFinite(y) ? y : null]),
      showSymbol: shown || points.length === 1,
      symbol: 'circle',
      symbolSize: 5,
      itemStyle: { color: colorOf(color), opacity: 1 },
      lineStyle: { width: 1.8, color: colorOf(color), type: dashOf(color) },
      z: 3,
    })),
    ...intervals.map(intervalSeries),
    ...dots.map(({ points, color }) => ({
      type: 'scatter',
      clip: false,
      data: points.map(([x, y]) => [x, y]),
      symbol: 'circle',
      symbolSize: 7,
      itemStyle: { color: colorOf(color), opacity: 0.65 },
      z: 4,
    })),
    ...(verticals.length === 0 ? [] : [verticalSeries(verticals)]),
  ];
}

const diagonalSeries: object = {
  type: 'line',
  clip: false,
  data: [
    [0, 0],
    [1, 1],
  ],
  showSymbol: false,
  lineStyle: { width: 1, color: inks.axis, type: 'dashed' },
  z: 2,
};

const bandSeries = ({ points, color }: BandMark): object => ({
  type: 'custom',
  clip: false,
  data: [[0]],
  renderItem: (_: unknown, api: Drawing) => {
    const finite = points.filter((point) => point.every(Number.isFinite));
    const corners = [...finite.map(([x, , high]) => api.coord([x, high])), ...[...finite].reverse().map(([x, low]) => api.coord([x, low]))];
    return { type: 'polygon', silent: true, shape: { points: corners }, style: { fill: colorOf(color), opacity: 0.18 } };
  },
  z: 1,
});

/** Draws a line with short ends across it, and a diamond in the middle. */
const intervalSeries = ({ y, middle, low, high, color }: IntervalMark): object => ({
  type: 'custom',
  clip: false,
  data: [[0]],
  renderItem: (_: unknown, api: Drawing) => {
    const [center, row] = api.coord([middle, y]);
    const style = { stroke: colorOf(color), lineWidth: 1.8, fill: 'none' };
    const line = (x1: number, y1: number, x2: number, y2: number): object => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
    const ends = [low, high].flatMap((end) => (end === undefined ? [] : [api.coord([end, y])[0]]));
    const [from, to] = ends;
    const diamond = [
      [center, row - 6],
      [center + 5, row],
      [center, row + 6],
      [center - 5, row],
    ];
    return {
      type: 'group',
      silent: true,
      children: [
        ...(from === undefined || to === undefined ? [] : [line(from, row, to, row)]),
        ...ends.map((end) => line(end, row - 5, end, row + 5)),
        { type: 'polygon', shape: { points: diamond }, style: { fill: colorOf(color), stroke: 'none' } },
      ],
    };
  },
  z: 3,
});

const verticalSeries = (positions: readonly number[]): object => ({
  type: 'line',
  data: [],
  markLine: {
    symbol: 'none',
    silent: true,
    animation: false,
    label: { show: false },
    lineStyle: { color: inks.axis, type: 'dashed', width: 1 },
    data: positions.map((xAxis) => ({ xAxis })),
  },
});
