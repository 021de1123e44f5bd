#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// A robot drives around a square. Its odometry drifts; at the end it recognises where it began. The solver finds the
// path that fits both, and a robust loss keeps one false recognition from bending it.
//
//     dotnet run examples/pose_graph.cs

using System.Globalization;
using TheseusSharp.Costs;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int side = 5, count = 4 * side;
var random = new Random(1);

// The true path, and what odometry says of each step.
var truth = new SE2<Float64>[count];
var steps = new SE2<Float64>[count];
truth[0] = SE2<Float64>.Identity;
for (int k = 0; k < count; k++)
{
    bool turns = k % side == side - 1;
    SE2<Float64> step = SE2<Float64>.Exp([1, 0, 0]) * SE2<Float64>.Exp([0, 0, turns ? Math.PI / 2 : 0]);
    steps[k] = step * SE2<Float64>.Exp([Noise(0.05), Noise(0.05), Noise(0.03)]);
    if (k + 1 < count)
        truth[k + 1] = truth[k] * step;
}

// The model: variables are names, cost functions are lambdas over them. Numbers that a lambda captures become data.
Variable<SE2<Scalar>>[] poses = Variable.Many<SE2<Scalar>>("pose", count);
var objective = new Objective();
CostWeight odometry = CostWeight.Diagonal(20, 20, 30);
for (int k = 0; k + 1 < count; k++)
    objective.Add(poses[k], poses[k + 1], Between.Measured<SE2<Scalar>>(steps[k]), odometry);
objective.Add(poses[^1], poses[0], Between.Measured<SE2<Scalar>>(steps[^1]), CostWeight.Scale(100), name: "closure");
objective.Add(
    poses[3], poses[12], Between.Measured(SE2<Scalar>.Identity), CostWeight.Scale(100), RobustLoss.Welsch(9),
    "false closure");
Console.WriteLine(objective);

// The start: odometry alone.
var initial = new Values();
SE2<Float64> here = truth[0];
for (int k = 0; k < count; k++, here *= steps[k - 1])
    initial.Set(poses[k], here);

Problem problem = objective.Compile(new ProblemOptions { Held = [poses[0]] });
SolveResult result = new LevenbergMarquardt().Solve(problem, initial);
Console.WriteLine();
Console.WriteLine(result.Summary.FullReport());

double before = MeanError(initial), after = MeanError(result.Values);
Console.WriteLine($"mean distance to the true path: {before:F3} m by odometry alone, {after:F3} m solved");
if (!result.IsUsable || !(after < 0.75 * before))
{
    Console.Error.WriteLine("pose_graph: the solved path is not nearer to the truth");
    return 1;
}

return 0;

double Noise(double size) => size * ((2 * random.NextDouble()) - 1);

double MeanError(Values values) => Enumerable.Range(0, count).Average(k =>
{
    Point2<Float64> offset = truth[k].Translation - values.Get<SE2<Float64>>(poses[k]).Translation;
    return Math.Sqrt(offset.SquaredNorm());
});
