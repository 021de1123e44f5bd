#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// Ways back through a solver: v is fitted, so that a·x² + exp(v·x) comes near to 10 noisy points; how does the v found
// depend on a? Every backward mode answers; differences of whole solves judge them.
//
//     dotnet run examples/backward_modes.cs
//
// Gauss-Newton is left running for 15 iterations. The data have noise, so residuals stay: the implicit mode then needs
// the exact Hessian to be exact. The Gauss-Newton one is what the Theseus paper uses; direct loss stands on it, too.

using System.Diagnostics;
using System.Globalization;
using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int count = 10, rounds = 200;
const double givenA = 1.5;

Variable<Scalar> v = Variable.Scalar("v"), a = Variable.Scalar("a", VariableRole.Constant);
Variable<Vector<Scalar>> x = Variable.Vector("x", count, VariableRole.Constant);
Variable<Vector<Scalar>> y = Variable.Vector("y", count, VariableRole.Constant);
var objective = new Objective();
objective.Add(v, a, x, y, (v, a, x, y) => y - x.Map(at => (a * at * at) + Scalar.Exp(v * at)));
Problem problem = objective.Compile();
var options = new SolveOptions { MaxIterations = 15, Stopping = StoppingCriteria.None, Threads = 1 };

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
Console.WriteLine(
    "mode                                dv*/da   relative error   backward   allocated: forward    backward");

// How near each mode has to come: differences are good to 1e-9, or so.
bool isGood = true;
Try(Backward.Unroll(), 1e-6);
Try(Backward.Truncated(5), 1e-2);
Try(Backward.Implicit(HessianKind.Exact), 1e-7);
Try(Backward.Implicit(HessianKind.GaussNewton), 0.1);
Try(Backward.DirectLoss(1e-3), 0.1);
Console.WriteLine(new GaussNewton().Solve(problem, values, options).Summary.Kernels[0]);
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

void Try(Backward mode, double tolerance)
{
    var layer = new TheseusLayer(problem, new GaussNewton(), mode, options);
    var bySolution = new Gradients();
    bySolution.Set(v, 1.0);
    double slope = 0, fastest = double.PositiveInfinity;
    long forward = 0, backward = 0;
    for (int round = 0; round < rounds; round++)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        LayerPass pass = layer.Forward(values);
        forward = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        slope = pass.Backward(bySolution, wanted: [a]).Gradients.Of(a)[0];
        fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        backward = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    double error = Math.Abs((slope / reference) - 1);
    isGood &= error < tolerance;
    Console.WriteLine(
        $"{mode.Name,-30}{slope,12:F9}{error,17:E1}{fastest,8:F0} µs{forward,15:N0} B{backward,10:N0} B");
}
