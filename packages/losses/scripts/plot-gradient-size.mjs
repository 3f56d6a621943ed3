// Draws docs/images/gradient-size.svg: how hard the soft loss pulls at each temperature, for each scale.
// Run it from a built checkout: node packages/losses/scripts/plot-gradient-size.mjs
import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '@temper/core';
import { gradientSizes, kl } from '@temper/losses';
import { writeFileSync } from 'node:fs';

const temperatures = [1, 1.5, 2, 3, 4, 6, 8, 10, 14, 20];
const initialTemperature = 20;
const scales = ['temperature-squared', 'initial', 'none'];

const logits = Object.fromEntries(
  ['student', 'teacher'].map((side) => {
    const stream = createRandom(1).stream(side);
    return [
      side,
      tf.tensor2d(
        Float32Array.from({ length: 256 * 10 }, () => 2 * stream.normal()),
        [256, 10],
      ),
    ];
  }),
);
const sizes = Object.fromEntries(
  scales.map((scale) => [
    scale,
    gradientSizes(kl({ scale }), logits, temperatures, initialTemperature).map((size) => Number(size.toPrecision(4))),
  ]),
);

const [width, height, left, right, top, bottom] = [680, 380, 64, 190, 24, 48];
const colours = { 'temperature-squared': '#0b6e4f', initial: '#b5531c', none: '#3a4fa3' };
const [lowest, highest] = [1e-3, 1e3];
const x = (temperature) => left + (Math.log(temperature) / Math.log(20)) * (width - left - right);
const y = (size) => top + (1 - Math.log(size / lowest) / Math.log(highest / lowest)) * (height - top - bottom);
const at = (value) => value.toFixed(1);

const text = (content, px, py, anchor = 'middle', fill = '#333') =>
  `<text x="${at(px)}" y="${at(py)}" text-anchor="${anchor}" fill="${fill}">${content}</text>`;
const line = (x1, y1, x2, y2) => `<path d="M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}" stroke="#ddd"/>`;
const powers = [-3, -2, -1, 0, 1, 2, 3];
const grid = [
  ...[1, 2, 4, 8, 20].map((t) => line(x(t), top, x(t), height - bottom) + text(t, x(t), height - bottom + 18)),
  ...powers.map((p) => line(left, y(10 ** p), width - right, y(10 ** p)) + text(`${10 ** p}`, left - 8, y(10 ** p) + 4, 'end')),
];
const curves = scales.map((scale) => {
  const points = temperatures.map((temperature, i) => `${at(x(temperature))} ${at(y(sizes[scale][i]))}`);
  // The two curves that meet at the first temperature are named apart.
  const shift = scale === 'initial' ? -14 : 4;
  return (
    `<path d="M${points.join('L')}" fill="none" stroke="${colours[scale]}" stroke-width="2"/>` +
    text(scale, width - right + 8, y(sizes[scale].at(-1)) + shift, 'start', colours[scale])
  );
});

const font = 'font-family="system-ui, sans-serif" font-size="13"';
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ${font} role="img">
<title>Size of the soft loss's gradient against temperature</title>
<desc>${JSON.stringify({ temperatures, initialTemperature, sizes })}</desc>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...grid, ...curves].join('\n')}
${text('temperature T', (left + width - right) / 2, height - 10)}
<text transform="translate(16 ${at((top + height - bottom) / 2)}) rotate(-90)" text-anchor="middle" fill="#333">mean ‖∂L/∂z‖</text>
</svg>
`;
writeFileSync(new URL('../../../docs/images/gradient-size.svg', import.meta.url), svg);
