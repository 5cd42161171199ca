#!/usr/bin/env bash
# A soak of the whole program with the demo's three traders; see docs/soak.md.
#   soak.sh DIR MINUTES [--kills]
# The jar is $SOAK_JAR, by default this checkout's. $SOAK_SEED repeats the choices of --kills. The daemon's JVM gets
# $SOAK_JAVA_OPTIONS, by default what the script `pipeline` gives it.
set -euo pipefail
export LC_ALL=C.UTF-8

usage() {
    echo "usage: soak.sh DIR MINUTES [--kills]" >&2
    exit 2
}

[[ $# -ge 2 && $2 =~ ^[1-9][0-9]*$ ]] || usage
[[ $# -eq 2 || ($# -eq 3 && $3 == --kills) ]] || usage
readonly KILLS=${3:+yes} MINUTES=$2
readonly HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
JAR=${SOAK_JAR:-$HERE/../../target/pipeline-runner.jar}
[[ -f $JAR ]] || { echo "There is no $JAR: run 'mvn package', or name the jar in SOAK_JAR." >&2; exit 2; }
JAR=$(cd "$(dirname "$JAR")" && pwd)/$(basename "$JAR")
mkdir -p "$1"
readonly JAR DIR=$(cd "$1" && pwd)
readonly PLACE=$DIR/home
readonly CONFIG=$PLACE/pipeline.json SAMPLES=$DIR/samples.csv DISTURBANCES=$DIR/disturbances.csv
readonly EVERY=10 # seconds between samples
readonly TILES=64 # of the demo's 1680 bars: 107,520 bars, a day of seconds and some more
readonly PATIENCE=20 # seconds that a killed trader waits for its restart, before the operator is played

P() {
    local command=$1
    shift
    java -jar "$JAR" "$command" --config "$CONFIG" "$@"
}

say() { echo "$(date -u +%FT%TZ) $*"; }

# ---- the home --------------------------------------------------------------------------------------------------------

# An array of rows x columns (a header of 128 bytes, as numpy writes it), so many times after itself.
tiled() {
    local in=$1 out=$2 columns=$3 rows
    rows=$(head -c 128 "$in" | tr -d '\0' | LC_ALL=C sed -n "s/.*'shape': (\([0-9]*\), $columns).*/\1/p")
    [[ $rows =~ ^[0-9]+$ ]] || { echo "$in is not the array that is expected" >&2; exit 2; }
    {
        head -c 10 "$in"
        printf '%-117s\n' "{'descr': '<f8', 'fortran_order': False, 'shape': ($((rows * TILES)), $columns), }"
        for ((i = 0; i < TILES; i++)); do tail -c +129 "$in"; done
    } >"$out"
}

make_home() {
    say "making the demo's home in $PLACE"
    java -jar "$JAR" demo --no-daemon --home "$PLACE" >"$DIR/demo.log" 2>&1
    numbers
    P stop "${NUMBER[@]}" --reason "the soak begins"
    local from=$PLACE/data/1h_1680/val to=$PLACE/data/soak/val
    mkdir -p "$to"
    tiled "$from/price_array.npy" "$to/price_array.npy" 7
    tiled "$from/tech_array.npy" "$to/tech_array.npy" 98
    # Crashes that this script causes are to cost no deployment its restarts; any port will do.
    sed -e 's#data/1h_1680#data/soak#' -e 's#"pace": "1s"#"pace": "1s", "restarts": 100000#' \
        -e '0,/{/s//{\n  "http": { "port": 0 },/' "$CONFIG" >"$CONFIG.tmp"
    mv "$CONFIG.tmp" "$CONFIG"
    touch "$DIR/ready"
}

# NUMBER[deployment] is the number of the trial that it trades.
declare -A NUMBER
numbers() {
    local deployment number
    while read -r deployment number; do NUMBER[$deployment]=$number; done < <(P deployments --json |
        awk -F'[ :,]+' '/"number"/ { n = $3 } /"deployment"/ { print $3, n }')
    [[ ${#NUMBER[@]} -eq 3 ]] || { echo "the demo has ${#NUMBER[@]} traders, not 3; see $DIR/demo.log" >&2; exit 1; }
}

# ---- processes -------------------------------------------------------------------------------------------------------

# A trader is known by its environment, as the supervisor knows it; a process that has ended has none.
traders() {
    grep -lzxF "PIPELINE_STATE_DIR=$PLACE/state/deployments/$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 || true
}

daemons() {
    local mine
    # grep's exit code says nothing: it is 2 if any process ended meanwhile, whatever was found.
    mine=$(grep -lzxF -- "$CONFIG" /proc/[0-9]*/cmdline 2>/dev/null) || true
    [[ $mine ]] || return 0
    # shellcheck disable=SC2086 # one word per file is meant
    grep -lzxF run $mine 2>/dev/null | cut -d/ -f3 || true
}

readonly LEAN=${SOAK_JAVA_OPTIONS--Xms32m -XX:+AlwaysPreTouch -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions -XX:TrimNativeHeapInterval=60000}

start_daemon() {
    # Not by P: the process to kill is the daemon itself, not a shell around it.
    # shellcheck disable=SC2086 # several options
    MALLOC_ARENA_MAX=2 java $LEAN -jar "$JAR" run --config "$CONFIG" >>"$DIR/daemon.log" 2>&1 &
    DAEMON=$!
}

DAEMON=
FINISHED=
end_all() {
    local pid deployment
    for pid in $(daemons); do kill -TERM "$pid" 2>/dev/null || true; done
    for ((i = 0; i < 60; i++)); do
        [[ $(daemons) ]] || break
        sleep 1
    done
    for pid in $(daemons); do
        say "the daemon $pid did not end within 60 s of SIGTERM: killed"
        FAILED=yes
        kill -KILL "$pid" 2>/dev/null || true
    done
    [[ ${#NUMBER[@]} -eq 0 ]] || P stop "${NUMBER[@]}" --reason "the soak pauses" || FAILED=yes
    for deployment in "${!NUMBER[@]}"; do
        for pid in $(traders "$deployment"); do
            say "trader $deployment, process $pid, outlived its stop: killed"
            FAILED=yes
            kill -KILL "$pid" 2>/dev/null || true
        done
    done
}

on_exit() {
    local code=$?
    trap - EXIT
    [[ $FINISHED ]] || end_all || true
    exit "$code"
}

# ---- samples ---------------------------------------------------------------------------------------------------------

# name, its processes, bars
sample_one() {
    local name=$1 bars=$2 pid line ticks
    shift 2
    for pid in "$@"; do
        line=$(cat "/proc/$pid/stat" 2>/dev/null) || continue
        # shellcheck disable=SC2086 # the fields after the program's name, which may hold spaces
        set -- ${line##*) }
        ticks=$((${12} + ${13}))
        line=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || continue
        [[ $line ]] || continue
        echo "$NOW,$name,$pid,$line,$ticks,$bars,$COUNT" >>"$SAMPLES"
    done
}

declare -A MISSING
sample() {
    local deployment pids bars
    NOW=$(date +%s)
    mapfile -t pids < <(daemons)
    COUNT=${#pids[@]}
    sample_one daemon "" "${pids[@]}"
    for deployment in "${!NUMBER[@]}"; do
        mapfile -t pids < <(traders "$deployment")
        COUNT=${#pids[@]}
        bars=$(sed -n 's/^  "step" : \([0-9]*\),$/\1/p' "$PLACE/state/deployments/$deployment/heartbeat.json" 2>/dev/null) || bars=
        if ((COUNT > 0)); then
            MISSING[$deployment]=
            sample_one "trader $deployment" "$bars" "${pids[@]}"
        else
            echo "$NOW,trader $deployment,,,,$bars,0" >>"$SAMPLES"
            : "${MISSING[$deployment]:=$NOW}"
        fi
    done
}

# ---- disturbances ----------------------------------------------------------------------------------------------------

noted() { echo "$(date +%s),$1,$2" >>"$DISTURBANCES"; }

disturb() {
    local what=$((RANDOM % 3)) which=$((RANDOM % 3)) pid deployment
    local all=("${!NUMBER[@]}")
    deployment=${all[$which]}
    if ((what != 0)); then
        for pid in $(traders "$deployment"); do
            kill -KILL "$pid" 2>/dev/null && noted killed "trader $deployment"
        done
    fi
    if ((what != 1)); then
        kill -KILL "$DAEMON" 2>/dev/null && noted killed daemon
        wait "$DAEMON" 2>/dev/null || true
        start_daemon
    fi
}

# The delay before a restart doubles with each crash in a row, up to five minutes. Waiting it out would leave
# little trading to disturb.
hurry() {
    local deployment
    for deployment in "${!NUMBER[@]}"; do
        if [[ ${MISSING[$deployment]:-} ]] && ((NOW - MISSING[$deployment] >= PATIENCE)); then
            P restart "${NUMBER[$deployment]}" --reason "the soak kills it often" >>"$DIR/operator.log" 2>&1 || true
            noted restarted "trader $deployment"
            MISSING[$deployment]=
        fi
    done
}

# ---- the run ---------------------------------------------------------------------------------------------------------

FAILED=
trap on_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

[[ -f $DIR/ready ]] || make_home
# A run that was itself killed may have left its daemon; there is to be one.
for pid in $(daemons); do kill -TERM "$pid" 2>/dev/null || true; done
while [[ $(daemons) ]]; do sleep 1; done
numbers
[[ -f $SAMPLES ]] || echo "time,process,pid,rss_kb,cpu_ticks,bars,processes" >"$SAMPLES"
[[ -f $DISTURBANCES ]] || echo "time,what,process" >"$DISTURBANCES"

start_daemon
P deploy "${NUMBER[@]}" --reason "the soak goes on"
SEED=${SOAK_SEED:-$((SRANDOM % 32768))}
RANDOM=$SEED
say "soaking for $MINUTES minutes in $DIR${KILLS:+, with kills, seed $SEED}"

END=$(($(date +%s) + MINUTES * 60))
next_sample=$(date +%s)
next_kill=$((next_sample + 30 + RANDOM % 61))
while (($(date +%s) < END)); do
    now=$(date +%s)
    if ! kill -0 "$DAEMON" 2>/dev/null; then
        say "the daemon ended by itself; see $DIR/daemon.log"
        noted ended daemon
        FAILED=yes
        start_daemon
    fi
    if ((now >= next_sample)); then
        sample
        next_sample=$((next_sample + EVERY > now ? next_sample + EVERY : now + EVERY))
    fi
    if [[ $KILLS ]]; then
        hurry
        if ((now >= next_kill)); then
            disturb
            next_kill=$((now + 30 + RANDOM % 61))
        fi
    fi
    sleep 1
done

say "the time is over; daemon and traders are ended"
end_all
FINISHED=yes
VERIFIED=0
for deployment in "${!NUMBER[@]}"; do
    if java -jar "$JAR" trade --verify "$PLACE/state/deployments/$deployment"; then
        VERIFIED=$((VERIFIED + 1))
    else
        say "the ledger of trader $deployment does not verify"
        FAILED=yes
    fi
done
java -jar "$JAR" db check --config "$CONFIG" || FAILED=yes

awk -v ticks="$(getconf CLK_TCK)" -v verified="$VERIFIED" -v deployments="${#NUMBER[@]}" \
    -f "$HERE/summary.awk" "$DISTURBANCES" "$SAMPLES" | tee "$DIR/summary.txt"
[[ ${PIPESTATUS[0]} -eq 0 ]] || FAILED=yes
if [[ $FAILED ]]; then
    say "FAILED"
    exit 1
fi
say "passed"
