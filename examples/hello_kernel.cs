#:property PublishAot=false
#:project ../src/TheseusSharp/TheseusSharp.csproj

// A function of a pose and a point: where the point is seen, and how far off. Written once as a lambda; traced,
// differentiated and compiled to vector instructions; then run over a batch.
//
//     dotnet run examples/hello_kernel.cs

using System.Globalization;
using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Function toCamera = Function.Compile((SE3<Scalar> pose, Point3<Scalar> point) => pose.ActInverse(point));

// Numbers are plain arrays: a pose is [x, y, z, qx, qy, qz, qw], a point is [x, y, z]. One pose here, four points.
double[] pose = Numbers(SE3<Float64>.Exp([0.1, -0.2, 0.3, 0.2, 0.5, -0.4]).ToStorage());
double[] points = [1, 2, 3, 0, 0, 0, -1, 0.5, 2, 4, -4, 1];
double[] values = new double[4 * 3];
double[] jacobian = new double[4 * 3 * 9];
toCamera.Jacobian([pose, points], values, jacobian);

Console.WriteLine("value, and Jacobian by the pose [v, w] and the point [x, y, z], of the first point:");
for (int row = 0; row < 3; row++)
{
    string derivatives = string.Join(" ", jacobian[(row * 9)..((row + 1) * 9)].Select(x => $"{x,7:F3}"));
    Console.WriteLine($"  {values[row],7:F3}   | {derivatives}");
}

KernelReport value = toCamera.Report(FunctionPart.Value), both = toCamera.Report(FunctionPart.Jacobian);
Console.WriteLine($"value:    {value}");
Console.WriteLine($"Jacobian: {both}");

// The check: nudge the pose along each tangent coordinate, and see whether the value moves as the Jacobian says.
double worst = 0;
for (int k = 0; k < 6; k++)
    worst = Math.Max(worst, ErrorOfColumn(k));
Console.WriteLine($"largest difference to central differences: {worst:E1}");
if (worst > 1e-8)
    return Fail("the Jacobian disagrees with differences");
if (both.Backend != KernelBackend.Compiled)
    return Fail("the kernel was interpreted, not compiled: this process cannot generate code");
return 0;

double ErrorOfColumn(int k)
{
    const double step = 1e-5;
    double[] forward = new double[4 * 3], backward = new double[4 * 3];
    toCamera.Evaluate([Nudged(k, step), points], forward);
    toCamera.Evaluate([Nudged(k, -step), points], backward);
    return Enumerable.Range(0, forward.Length)
        .Max(i => Math.Abs(((forward[i] - backward[i]) / (2 * step)) - jacobian[(i * 9) + k]));
}

double[] Nudged(int coordinate, double step)
{
    var tangent = new Float64[6];
    tangent[coordinate] = step;
    SE3<Float64> here = SE3<Float64>.FromStorage([.. pose]);
    return Numbers(here.Retract(new(tangent)).ToStorage());
}

static double[] Numbers(Float64[] storage) => Array.ConvertAll(storage, static x => x.Value);

static int Fail(string reason)
{
    Console.Error.WriteLine($"hello_kernel: {reason}");
    return 1;
}
