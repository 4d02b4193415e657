#!/bin/sh
# Every estimator's coverage, bias and variance over 1,000 seeds, as the page infra/docs/estimators.md.
#   flatness-probe/verify/kit.sh
# Takes some tens of minutes: the test suite itself looks at a selection of estimators only.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$home"
mvn -B -ntp -q verify -pl flatness-probe -am -Dbasin.kit=all -Dsurefire.failIfNoSpecifiedTests=false \
  -Dtest='EncoderSurfaceTest#intervalsCoverAndAreCentred*,SoftmaxRegressionTest#intervalsCoverAndAreCentred*'
page=infra/docs/estimators.md
{
  cat flatness-probe/verify/kit.md
  for surface in SoftmaxRegressionTest:"Softmax regression, with a closed form" EncoderSurfaceTest:"An encoder of 243 parameters, against all its second derivatives"; do
    printf '\n## %s\n\n' "${surface#*:}"
    echo '| estimator | quantity | pairs | batch | coverage of 95 % intervals | bias | variance |'
    echo '|---|---|---|---|---|---|---|'
    cat "flatness-probe/target/kit/${surface%%:*}.md"
  done
} >"$page"
echo "$page is written."
