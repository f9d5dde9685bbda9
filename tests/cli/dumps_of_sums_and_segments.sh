# compile -d sums and -d segments: of a net that adds four terms in an order of its own, the sum in the order of time,
# products that begin with what is added to them, and when each of them runs.
. tests/cli/common.sh
. tests/cli/common_excerpt.sh
cat >"$tmp/net.lua" <<'EOT'
return model {
  input = real(3), target = real(2), state = { h = { 4 } },
  params = { W = { 4, 3 }, U = { 4, 4 }, b = { 4 }, c = { 4 }, V = { 2, 4 } },
  step = function(p, x, s)
    local h = tanh(p.U(s.h) + p.b + p.W(x) + p.c)
    return p.V(h), { h = h }
  end,
  loss = mse, tbptt = { k1 = 2, k2 = 2, batch = 2 },
}
EOT
dump() { # PASS OPTIONS...: prints what the pass leaves, of products and sums
    pass=$1
    shift
    "$TAPELESS" compile "$tmp/net.lua" -O no-join "$@" -d "$pass" >"$tmp/printed" || fail "compile -d $pass"
    grep -E 'segment| add | matmul | tanh ' "$tmp/printed" >"$tmp/lines"
}
dump sums
cat >"$tmp/wanted" <<'EOT'
%11 add {4} %6 %7 @0:5 ^17
%13 matmul *{1, 4} %10 %5 %12 a=0,1 @0:5 ^14 s1
%14 matmul *{1, 4} %9 %3 %13 a=0,1 @0:5 ^10 s1
%16 tanh *{4} %15 @0:5 ^18 s1
EOT
excerpt "$tmp/lines" "$tmp/wanted" || fail "-d sums"
grep -q ' add \*' "$tmp/lines" && fail "-d sums: a slot adds what a product could begin with"
dump sums -O no-sums
cat >"$tmp/wanted" <<'EOT'
%10 matmul *{1, 4} %9 %3 a=0,1 @0:5 ^10 s1
%12 add *{4} %6 %11 @0:5 ^12 s1
%14 matmul *{1, 4} %13 %5 a=0,1 @0:5 ^14 s1
%16 add *{4} %12 %15 @0:5 ^16 s1
%17 add *{4} %7 %16 @0:5 ^17 s1
EOT
excerpt "$tmp/lines" "$tmp/wanted" || fail "-d sums without them"

dump segments
cat >"$tmp/wanted" <<'EOT'
segment 0 prologue, once
    %11 add {4} %6 %7 @0:5 ^17
segment 1 forward, together
    %30 matmul *{1, 4} %29 %5 %12 a=0,1 @0:5 ^14 s2
segment 2 forward, up
    %31 matmul *{1, 4} %28 %3 %30 a=0,1 @0:5 ^10 s2
    %33 tanh *{4} %32 @0:5 ^18 s2
segment 3 forward, together
    %35 matmul *{1, 2} %34 %4 a=0,1 @0:6 ^20 s2
segment 4 backward, together
    %48 matmul *{1, 4} %47 %4 @0:6 ^20 s3
    %49 matmul {2, 4} %47 %34 a=1,0,1 @0:6 ^20 s3
segment 5 backward, down
segment 6 backward, together
    %59 matmul {4, 3} %58 %29 a=1,0,1 @0:5 ^14 s3
    %61 matmul {4, 4} %58 %28 a=1,0,1 @0:5 ^10 s3
segment 7 epilogue, once
EOT
excerpt "$tmp/lines" "$tmp/wanted" || fail "-d segments"
dump segments -O no-batch
[ "$(grep -c segment "$tmp/lines")" = 4 ] || fail "-d segments without batch: $(grep segment "$tmp/lines")"
grep -q 'forward, up' "$tmp/lines" && grep -q 'backward, down' "$tmp/lines" || fail "-d segments without batch"
finish
