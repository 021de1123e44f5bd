#pragma once

namespace peer {

// Checks Jacobians, manifolds and logarithms against differences and each other; prints what it found.
bool self_test();

}  // namespace peer
