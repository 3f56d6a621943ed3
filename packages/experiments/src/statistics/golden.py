"""Writes golden.json: what scipy gives for the statistics of this folder. Run with `python3 golden.py`; needs numpy and scipy."""
import json
from pathlib import Path
import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(2026)
samples = []
for n in [2, 3, 4, 5, 8, 10, 40]:
    for scale in [1e-4, 0.01, 1.0, 1e3]:
        variant = (0.9 + scale * rng.normal(size=n)).tolist()
        baseline = (0.9 + scale * 0.5 + scale * rng.normal(size=n)).tolist()
        differences = np.array(variant) - np.array(baseline)
        test = stats.ttest_rel(variant, baseline)
        low, high = stats.t.interval(0.95, n - 1, loc=np.mean(variant), scale=stats.sem(variant))
        dlow, dhigh = test.confidence_interval(0.95)
        samples.append(dict(
            variant=variant, baseline=baseline, mean=float(np.mean(variant)), deviation=float(np.std(variant, ddof=1)), low=float(low), high=float(high),
            difference=float(np.mean(differences)), differenceLow=float(dlow), differenceHigh=float(dhigh), p=float(test.pvalue),
            effect=float(np.mean(differences) / np.std(differences, ddof=1)),
        ))

def power(d, n, alpha=0.05):
    limit = stats.t.ppf(1 - alpha / 2, n - 1)
    shift = d * np.sqrt(n)
    return float(stats.nct.sf(limit, n - 1, shift) + stats.nct.cdf(-limit, n - 1, shift))

powers = [dict(effect=d, n=n, power=power(d, n)) for d in [0.1, 0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 3.0] for n in [2, 3, 4, 5, 8, 10, 20, 50, 100]]
# Where scipy's own noncentral t gives up there is nothing to compare with.
powers = [one for one in powers if np.isfinite(one['power'])]
seeds = []
for d in [0.1, 0.2, 0.5, 0.8, 1.0, 1.5, 2.0, 4.0]:
    n = 2
    while power(d, n) < 0.8:
        n += 1
    seeds.append(dict(effect=d, n=n))
lists = [sorted(rng.uniform(0, s, size=k).tolist(), key=lambda x: (x * 7919) % 1) for k, s in [(1, 0.1), (2, 0.1), (5, 0.05), (8, 0.3), (30, 1.0)]]

def holm(p):
    p = np.array(p); order = np.argsort(p); out = np.empty(len(p)); top = 0.0
    for rank, i in enumerate(order):
        top = max(top, min(1.0, (len(p) - rank) * p[i])); out[i] = top
    return out.tolist()

try:
    from statsmodels.stats.multitest import multipletests
    corrected = [multipletests(p, method='holm')[1].tolist() for p in lists]
except ImportError:
    corrected = [holm(p) for p in lists]
Path(__file__).with_name('golden.json').write_text(json.dumps(dict(
    madeBy=f'golden.py with scipy {scipy.__version__}, Holm by statsmodels', samples=samples, powers=powers, seeds=seeds,
    holm=[dict(given=a, corrected=b) for a, b in zip(lists, corrected)],
), separators=(",", ":")) + '\n')
