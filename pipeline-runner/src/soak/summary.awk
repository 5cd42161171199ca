# The figures of a soak from its disturbances and its samples, in this order; docs/soak.md tells what each means.
# Ends with 1 if one of them is out of bounds.
BEGIN {
    FS = ","
    WARM_UP = 600; JUDGED = 1800; LIMIT = 1; PAUSE = 60
}
FNR == 1 { file++; next }
file == 1 {
    noted[$2 " " $3]++
    next
}
{
    time = $1; name = $2; pid = $3
    if (!(name in known)) { known[name] = 1; names[++processes] = name }
    if (time != last) {
        samples++
        if (last != "" && time - last <= PAUSE) soaked += time - last
        last = time
    }
    if ($7 > 1 && !((time, name) in told)) { told[time, name] = 1; duplicates++; print "DUPLICATE at " time ": " $7 " processes of " name }
    if ($6 != "") {
        if (!(name in first_bars)) first_bars[name] = $6
        bars[name] = $6
    }
    if (pid == "") next
    key = name " " pid
    if (!(key in begun)) {
        begun[key] = time; first_ticks[key] = $5
        incarnations[name]++; life[name, incarnations[name]] = key
    }
    ended[key] = time; last_ticks[key] = $5
    if (!(name in least) || $4 < least[name]) least[name] = $4
    if (!(name in most) || $4 > most[name]) most[name] = $4
    if (time - begun[key] >= WARM_UP) {
        # From the beginning of the warm time, so that the sums of squares stay exact.
        x = (time - begun[key] - WARM_UP) / 3600; y = $4 / 1024
        n[key]++; sx[key] += x; sy[key] += y; sxx[key] += x * x; sxy[key] += x * y
    }
}
function slope(key,   d) {
    d = n[key] * sxx[key] - sx[key] * sx[key]
    return (n[key] * sxy[key] - sx[key] * sy[key]) / d
}
END {
    printf "minutes soaked     %.1f\n", soaked / 60
    printf "samples            %d\n", samples
    printf "duplicates seen    %d\n", duplicates
    printf "ledgers verified   %d of %d\n", verified, deployments
    printf "\n%-10s %9s %9s %7s %8s %7s %6s %9s\n", "process", "min RSS", "max RSS", "CPU", "bars", "starts", "kills", "restarts"
    for (i = 1; i <= processes; i++) {
        name = names[i]; lived = 0; used = 0
        for (j = 1; j <= incarnations[name]; j++) {
            key = life[name, j]
            lived += ended[key] - begun[key]; used += (last_ticks[key] - first_ticks[key]) / ticks
        }
        printf "%-10s %6.1f MB %6.1f MB %5.2f %% %8s %7d %6d %9d\n", name, least[name] / 1024, most[name] / 1024, \
            lived ? 100 * used / lived : 0, name in bars ? bars[name] : "-", incarnations[name], noted["killed " name], \
            noted["restarted " name]
        if (name in bars && bars[name] <= first_bars[name]) { print "NO BAR was traded by " name; failed = 1 }
    }
    printf "\n%-10s %8s %8s %12s  %s\n", "process", "pid", "minutes", "RSS slope", ""
    for (i = 1; i <= processes; i++) {
        name = names[i]
        for (j = 1; j <= incarnations[name]; j++) {
            key = life[name, j]; long = ended[key] - begun[key]
            if (n[key] < 3) { short++; continue }
            judged = long >= JUDGED
            bad = judged && slope(key) >= LIMIT
            failed = failed || bad
            split(key, part, " ")
            printf "%-10s %8s %8.1f %7.2f MB/h  %s\n", name, part[split(key, part, " ")], long / 60, slope(key), \
                bad ? "TOO STEEP" : judged ? "" : "too short to be judged"
        }
    }
    if (short) printf "%d shorter than their warm-up of %d minutes\n", short, WARM_UP / 60
    exit (failed || duplicates || verified < deployments) ? 1 : 0
}
