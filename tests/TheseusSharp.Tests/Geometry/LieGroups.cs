using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Geometry;

// Every group under the laws: one line each.
public sealed class Point2Laws() : LieGroupLaws(Group.Of<Point2<Float64>, Point2<Float32>, Point2<DoubleDouble>>());

public sealed class Point3Laws() : LieGroupLaws(Group.Of<Point3<Float64>, Point3<Float32>, Point3<DoubleDouble>>());

public sealed class SO2Laws() : LieGroupLaws(Group.Of<SO2<Float64>, SO2<Float32>, SO2<DoubleDouble>>());

public sealed class SE2Laws() : LieGroupLaws(Group.Of<SE2<Float64>, SE2<Float32>, SE2<DoubleDouble>>());

public sealed class SO3Laws() : LieGroupLaws(Group.Of<SO3<Float64>, SO3<Float32>, SO3<DoubleDouble>>());

public sealed class SE3Laws() : LieGroupLaws(Group.Of<SE3<Float64>, SE3<Float32>, SE3<DoubleDouble>>());
