import { tf } from '#libraries';
import type { DataSet, Preparation } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { fitsNetwork } from '../preparation/check-preparation.js';
import { conversion, samePreparation, showPreparation, type Affine } from '../preparation/prepare.js';
import { sizeOf } from '../shape.js';

/**
 * Returns a network for use over a data set: where it was trained on inputs with another preparation, the inputs of the data are
 * converted to that preparation first, by one multiplication and one addition.
 * @throws TemperError `model/invalid` naming both preparations where the conversion is not possible.
 */
export function preparedFor(network: Network, { preparation: given, inputShape }: Omit<DataSet, 'batch'>, path: string): Network {
  const own = network.preparation;
  if (own === undefined || (given !== undefined && samePreparation(own, given))) return network;
  if (given === undefined) {
    throw misfit(
      path,
      `takes inputs prepared by ${showPreparation(own)}, and the preparation of the data is not known`,
      "Declare it in the data set: preparation: { type: 'none' } for raw inputs; arrayDataSet has the same option.",
    );
  }
  const width = sizeOf(inputShape);
  const line = conversion(given, own);
  const fits = line !== undefined && [1, width].includes(line.factor.length);
  if (!fits || losesDigits(given, own)) {
    const reason = fits ? 'float32 is not accurate enough for it' : 'one cannot be converted into the other';
    throw misfit(
      path,
      `takes inputs prepared by ${showPreparation(own)}; the data are prepared by ${showPreparation(given)}: ${reason}`,
      'Prepare the data as the network was trained, or train a network on these data.',
    );
  }
  return converted(network, given, own, line, inputShape);
}

/** Returns whether the raw values do not fit into float32, so that they can no longer be prepared. */
const losesDigits = (given: Preparation, own: Preparation): boolean =>
  given.type !== 'standardise' && own.type === 'standardise' && !fitsNetwork(own);

function converted(network: Network, given: Preparation, own: Preparation, { factor, offset }: Affine, shape: readonly number[]): Network {
  const constant = (values: readonly number[]): tf.Tensor =>
    values.length === 1 ? tf.scalar(values[0] as number) : tf.tensor([...values], [...shape]);
  const convert = (inputs: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.cast(inputs, 'float32'), constant(factor)), constant(offset));
  const { name, parameters, buffers, variableNames, constants, isExternal, model, removedEnding } = network;
  return {
    name,
    parameters,
    buffers,
    ...(variableNames && { variableNames }),
    ...(constants && { constants }),
    ...(isExternal && { isExternal }),
    ...(model && { model }),
    ...(removedEnding && { removedEnding }),
    preparation: given,
    modelPreparation: network.modelPreparation ?? own,
    logits: (inputs, options) => tf.tidy(() => network.logits(convert(inputs), options)),
    ...(network.tapped && { tapped: (inputs, taps, options) => tapped(network, convert(inputs), taps, options) }),
    dispose: () => network.dispose(),
  };
}

const tapped = (network: Network, ...given: Parameters<NonNullable<Network['tapped']>>) =>
  (network.tapped as NonNullable<Network['tapped']>)(...given);

const misfit = (path: string, message: string, hint: string): TemperError =>
  new TemperError({ code: 'model/invalid', path, message, hint });
