#!/bin/sh
# Measures every estimator's coverage, bias and variance over 1,000 seeds and writes the page infra/docs/estimators.md.
#   flatness-probe/verify/kit.sh
# Takes some minutes. Runs every estimator on softmax regression, and the cheapest for each quantity and route on encoder and LSTM.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$home"
tests() {
  mvn -B -ntp -q verify -pl flatness-probe -am -Dsurefire.failIfNoSpecifiedTests=false "$@"
}
tests -Dbasin.kit=all -Dtest='SoftmaxRegressionTest#intervalsCoverAndAreCentred*'
tests -Dtest='EncoderSurfaceTest#intervalsCoverAndAreCentred*,RecurrentSurfaceTest#intervalsCoverAndAreCentred*'
page=infra/docs/estimators.md
{
  cat flatness-probe/verify/kit.md
  for surface in SoftmaxRegressionTest:"Softmax regression, with a closed form" EncoderSurfaceTest:"An encoder of 243 parameters, against all its second derivatives" RecurrentSurfaceTest:"A bidirectional LSTM of 111 parameters, against all its second derivatives"; do
    printf '\n## %s\n\n' "${surface#*:}"
    echo '| estimator | quantity | pairs | batch | coverage of 95 % intervals | bias | variance |'
    echo '|---|---|---|---|---|---|---|'
    cat "flatness-probe/target/kit/${surface%%:*}.md"
  done
} >"$page"
echo "$page is written."
