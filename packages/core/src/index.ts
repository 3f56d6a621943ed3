/** The TensorFlow.js that Temper computes with (`@tensorflow/tfjs-core`), loaded when it is first used. */
export { tf } from '#libraries';
export * from './errors.js';
export * from './json.js';
export { limits } from './limits.js';
export { duration, percent } from './format.js';
export { printable, shorten } from './printable.js';
export * from './progress.js';
export * from './random.js';
export { reasonOf } from './reason.js';
export type * from './contracts/checkpoint.js';
export type * from './contracts/data.js';
export type * from './contracts/engine.js';
export type * from './contracts/events.js';
export type * from './contracts/layer-preview.js';
export type * from './contracts/logits-store.js';
export type * from './contracts/loss.js';
export type * from './contracts/metric.js';
export type * from './contracts/network.js';
export type * from './contracts/optimizer.js';
export type * from './contracts/schedule.js';
export type * from './contracts/stage.js';
export type * from './contracts/weighting.js';
export { arrayDataSet, type ArrayData } from './data/array-data-set.js';
export { prepare, encode, samePreparation, showPreparation, type NumberPreparation } from './preparation/prepare.js';
export { checkFacts, fitsNetwork } from './preparation/check-preparation.js';
export { describeNetwork, type TrainedOn } from './student/describe-network.js';
export { foldPreparation, unfoldPreparation, type Folded } from './student/fold.js';
export { evaluateStudent, type EvaluateOptions, type Evaluation } from './student/evaluate-student.js';
export { logitsOver, type LogitsBatch, type LogitsOptions } from './student/logits-over.js';
export { isFunction, loadModel } from './student/load-model.js';
export { loadStudent, type LoadStudentOptions } from './student/load-student.js';
export {
  createStudent,
  type ClassProbabilities,
  type PredictOptions,
  type Prediction,
  type Student,
  type StudentOptions,
} from './student/student.js';
export { prepareSamples, type Nested, type PreparedSamples, type Sample } from './student/samples.js';
export { parseStudent, preparationWithoutLayers, studentSchema, studentVersion, type StudentDescription } from './student/student-file.js';
export { split } from './data/split.js';
export { storedDataSet, type StoredData } from './data/stored-data-set.js';
export { subset } from './data/subset.js';
export * from './kit/define.js';
export { explain as explainIssue, fromIssues } from './kit/issues.js';
export { formatPath, parsePath, type Path } from './path.js';
export { createKit, type Kit } from './kit/kit.js';
export type { DefinitionsOf, SlotConfig } from './kit/config-type.js';
export type * from './kit/run-config.js';
export { slots, type Kind, type Products, type Recipe, type Ref, type Refs, type Slot, type Slots } from './kit/slots.js';
export { defaultEpochs, stagesOf, stepsOf, type InheritedSetting, type StageLength, type StagePlan } from './kit/stage-plan.js';
export { ignoredLabel, meanOverCounted } from './counted.js';
export { squaredHellinger } from './hellinger.js';
export { fitTemperature, isPerClass } from './temperature-shape.js';
export { underPath } from './kit/blame.js';
export { configOf } from './kit/tagged.js';
export { token, Tokens, type NetworkLoader } from './kit/tokens.js';
export { buildLayers, loadGraph, loadLayers } from './networks/saved/load-saved.js';
export { checkDepth } from './networks/saved/check-topology.js';
export { layersAtLogits } from './networks/layers-at-logits.js';
export { graphEnding, nodeName, type GraphNode } from './networks/graph-at-logits.js';
export { removedEnding, withRemovedEnding, type Ending } from './networks/ending.js';
export { fromProbabilities } from './networks/probabilities.js';
export { eagerEngine } from './train/step/eager-engine.js';
export { progressive, repeat, stage, withTeacher, type Stages } from './kit/compose.js';
export type { ResumeOptions, RunHandle, RunOptions, RunResult, SplitMetrics } from './contracts/run.js';
export { labelTraining } from './train/plan/teacher-training.js';
export { checkTemperature, type TemperatureSource } from './train/plan/check-temperature.js';
export { asTemperature, asWeighting, stateOf } from './train/step/strategies.js';
export { sayStop } from './train/loop/say-stop.js';
export { optimizers } from './optimizers/index.js';
export { adam } from './optimizers/adam.js';
export { adamw } from './optimizers/adamw.js';
export { chain } from './optimizers/chain.js';
export { clipNorm } from './optimizers/clip-norm.js';
export { decoupledWeightDecay } from './optimizers/weight-decay.js';
export { dot } from './optimizers/dot.js';
export { sgd } from './optimizers/sgd.js';
export { sizeOf } from './shape.js';
export { scheduleWithin, type ScheduleRange } from './schedule-range.js';
export { whereBound } from './kit/where-bound.js';
export { factsOf, measuredBy } from './metrics/names.js';
export { buildMetrics } from './metrics/build-metrics.js';
export { createMetrics, type MetricsBatch, type MetricsCollector, type MetricsOptions } from './metrics/collector.js';
export { defaultMetrics, metrics } from './metrics/index.js';
export { accuracy } from './metrics/accuracy.js';
export { agreement } from './metrics/agreement.js';
export { brier } from './metrics/brier.js';
export { ece } from './metrics/ece.js';
export { nll } from './metrics/nll.js';
export { teacherKl } from './metrics/kl.js';
export { topK } from './metrics/top-k.js';
export {
  createReport,
  type CalibrationBin,
  type ClassFigures,
  type ClassificationReport,
  type ReportCollector,
} from './metrics/classification-report.js';
export { epochMeans, epochStarts } from './preview/epochs.js';
export { runCurves, type Curve, type RunPreview } from './preview/run-curves.js';
export { nativeKernels, runNativeKernel } from './native-kernels.js';
export { uniformNoise } from './noise/uniform-noise.js';
