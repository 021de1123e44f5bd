#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// Ways back through a solver: v is fitted, so that a·x² + exp(v·x) comes near to 10 noisy points; how does the v found
// depend on a? Every backward mode answers; differences of whole solves judge them.
//
//     dotnet run examples/backward_modes.cs
//
// Gauss-Newton is left running for 15 iterations. The data have noise, so residuals stay: the implicit mode then needs
// the exact Hessian to be exact. The Gauss-Newton one is what the Theseus paper uses; direct loss stands on it, too.
// Memory is all that a pass allocates, with 15 iterations and with 150. Forward, each iteration leaves a line for the
// report and, if unrolled, a copy of v; backward, none needs more for more iterations.
//
// -- --negate-gradient gives every mode the wrong sign, and shows that the check at the end can fail.

using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int count = 10, rounds = 300, iterations = 15, manyIterations = 150;
const double givenA = 1.5;
double direction = args.Contains("--negate-gradient") ? -1 : 1;

Variable<Scalar> v = Variable.Scalar("v"), a = Variable.Scalar("a", VariableRole.Constant);
Variable<Vector<Scalar>> x = Variable.Vector("x", count, VariableRole.Constant);
Variable<Vector<Scalar>> y = Variable.Vector("y", count, VariableRole.Constant);
var objective = new Objective();
objective.Add(v, a, x, y, (v, a, x, y) => y - x.Map(at => (a * at * at) + Scalar.Exp(v * at)));
Problem problem = objective.Compile();
var options = new SolveOptions { MaxIterations = iterations, Stopping = StoppingCriteria.None, Threads = 1 };

var random = new Random(1);
double[] points = [.. Enumerable.Range(1, count).Select(k => 2.0 * k / count)];
var values = new Values();
values.Set(v, 0.3);
values.Set(a, givenA);
values.Set(x, points);
values.Set(y, [.. points.Select(at => (at * at) + Math.Exp(0.5 * at) + random.NextDouble())]);

// What every mode should find: differences of solutions, extrapolated to a step of zero.
double reference = ((4 * Difference(1e-3)) - Difference(2e-3)) / 3;
Console.WriteLine($"differences of solutions: dv*/da = {reference:F9}");
Console.WriteLine();
Console.WriteLine($"{"",58} |  time, µs  |      memory, bytes: forward + backward");
Console.WriteLine(
    $"{"mode",-35}dv*/da  relative error | fwd    bwd |  {iterations} iterations      {manyIterations} iterations");

// How near each mode has to come. Differences are good to 1e-9, or so.
bool isGood = true;
Try("unroll", Backward.Unroll(), 1e-6);
Try("unroll, checkpoint every 5", Backward.Unroll(checkpointEvery: 5), 1e-6);
Try($"truncated, {iterations} iterations", Backward.Truncated(iterations), 1e-6);
Try("truncated, 5 iterations", Backward.Truncated(5), 1e-4);
Try("implicit, automatic", Backward.Implicit(), 1e-7);
Try("implicit, exact Hessian", Backward.Implicit(HessianKind.Exact), 1e-7);
Try("implicit, Gauss-Newton", Backward.Implicit(HessianKind.GaussNewton), 0.1);
Try("direct loss, symmetric", Backward.DirectLoss(1e-3), 0.1);
Try("direct loss, one-sided", Backward.DirectLoss(1e-3, isSymmetric: false), 0.1);
Try("direct loss, origin-centred", Backward.DirectLossOriginCentred(1e-3), 0.1);
Console.WriteLine();
Console.WriteLine($"kernel: {new GaussNewton().Solve(problem, values, options).Summary.Kernels[0]}");
if (!isGood)
{
    Console.Error.WriteLine("backward_modes: a gradient is not that of the differences");
    return 1;
}

return 0;

double Difference(double step) => (Solution(givenA + step) - Solution(givenA - step)) / (2 * step);

double Solution(double at)
{
    Values moved = values.Clone();
    moved.Set(a, at);
    return new GaussNewton().Solve(problem, moved, options with { MaxIterations = 100 }).Values.Get(v);
}

void Try(string name, Backward mode, double tolerance)
{
    Measurement many = Measure(mode, manyIterations), few = Measure(mode, iterations);
    double error = Math.Abs((few.Slope / reference) - 1);
    isGood &= error < tolerance;
    string fewBytes = $"{few.ForwardBytes:N0} + {few.BackwardBytes:N0}";
    string manyBytes = $"{many.ForwardBytes:N0} + {many.BackwardBytes:N0}";
    Console.WriteLine(
        $"{name,-28}{few.Slope,13:F9}{error,16:0.0e0} |{few.Forward,4:F0}{few.Backward,7:F0} |" +
        $"{fewBytes,16}{manyBytes,20}");
}

// Passes forward and back: the least time and memory of many.
Measurement Measure(Backward mode, int steps)
{
    var layer = new TheseusLayer(problem, new GaussNewton(), mode, options with { MaxIterations = steps });
    var bySolution = new Gradients();
    bySolution.Set(v, direction);
    var least = new Measurement(0, double.PositiveInfinity, double.PositiveInfinity, long.MaxValue, long.MaxValue);
    for (int round = 0; round < rounds; round++)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        LayerPass pass = layer.Forward(values);
        double forward = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        long between = GC.GetAllocatedBytesForCurrentThread();
        start = Stopwatch.GetTimestamp();
        double slope = pass.Backward(bySolution, wanted: [a]).Gradients.Of(a)[0];
        double backward = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        long after = GC.GetAllocatedBytesForCurrentThread();
        least = new(
            slope, Math.Min(least.Forward, forward), Math.Min(least.Backward, backward),
            Math.Min(least.ForwardBytes, between - before), Math.Min(least.BackwardBytes, after - between));
    }

    return least;
}

// Of one mode: dv*/da; microseconds and bytes.
internal sealed record Measurement(
    double Slope, double Forward, double Backward, long ForwardBytes, long BackwardBytes);
