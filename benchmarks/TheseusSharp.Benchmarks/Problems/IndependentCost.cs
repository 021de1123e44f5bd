using TheseusSharp.Data;

namespace TheseusSharp.Benchmarks.Problems;

/// <summary>
/// ½Σ‖w·Log(m⁻¹xᵢ⁻¹xⱼ)‖² of a pose graph with diagonal information, from formulas of its own and by compensated
/// summation: the one judge of both sides' results.
/// </summary>
internal sealed class IndependentCost(PoseGraph graph)
{
    private readonly double[] _information = graph.InformationOf(InformationMode.Diagonal);

    /// <summary>The cost of poses that are stored as the graph's.</summary>
    /// <param name="poses">[x y z qx qy qz qw] or [x y cos sin] each.</param>
    public double Of(ReadOnlySpan<double> poses)
    {
        double sum = 0, lost = 0;
        int n = graph.TangentLength, length = graph.StorageLength;
        Span<double> error = stackalloc double[n];
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            ReadOnlySpan<double> i = poses.Slice(length * graph.From[edge], length);
            ReadOnlySpan<double> j = poses.Slice(length * graph.To[edge], length);
            if (graph.Dimension == 2)
                PlaneError(graph.Measurement(edge), i, j, error);
            else
                SpaceError(graph.Measurement(edge), i, j, error);
            for (int k = 0; k < n; k++)
            {
                double term = (error[k] * error[k] * _information[(n * n * edge) + (k * (n + 1))]) - lost;
                double next = sum + term;
                lost = next - sum - term;
                sum = next;
            }
        }

        return sum / 2;
    }

    /// <summary>The cost of poses as Ceres has them.</summary>
    /// <param name="poses">[x y z qx qy qz qw] or [x y θ] each.</param>
    public double OfCeres(double[] poses)
    {
        if (graph.Dimension == 3)
            return Of(poses);
        double[] stored = new double[4 * graph.PoseCount];
        for (int k = 0; k < graph.PoseCount; k++)
        {
            (stored[4 * k], stored[(4 * k) + 1]) = (poses[3 * k], poses[(3 * k) + 1]);
            (stored[(4 * k) + 3], stored[(4 * k) + 2]) = Math.SinCos(poses[(3 * k) + 2]);
        }

        return Of(stored);
    }

    private static void PlaneError(
        ReadOnlySpan<double> m, ReadOnlySpan<double> i, ReadOnlySpan<double> j, Span<double> error)
    {
        // xi⁻¹xj, then m⁻¹ of that.
        (double dx, double dy) = (j[0] - i[0], j[1] - i[1]);
        (double x, double y) = ((i[2] * dx) + (i[3] * dy) - m[0], (i[2] * dy) - (i[3] * dx) - m[1]);
        double ti = Math.Atan2(i[3], i[2]), tj = Math.Atan2(j[3], j[2]), tm = Math.Atan2(m[3], m[2]);
        double angle = Math.IEEERemainder(tj - ti - tm, 2 * Math.PI), half = angle / 2;
        (x, y) = ((m[2] * x) + (m[3] * y), (m[2] * y) - (m[3] * x));
        double a = Math.Abs(half) < 1e-4 ? 1 - (half * half / 3) : half / Math.Tan(half);
        error[0] = (a * x) + (half * y);
        error[1] = (a * y) - (half * x);
        error[2] = angle;
    }

    private static void SpaceError(
        ReadOnlySpan<double> m, ReadOnlySpan<double> i, ReadOnlySpan<double> j, Span<double> error)
    {
        Quaternion qi = Quaternion.Of(i), qj = Quaternion.Of(j), qm = Quaternion.Of(m);
        Triple moved = qi.Conjugate().Rotate(Triple.Of(j) - Triple.Of(i));
        Triple t = qm.Conjugate().Rotate(moved - Triple.Of(m));
        Quaternion q = qm.Conjugate() * (qi.Conjugate() * qj);
        if (q.W < 0)
            q = new(-1.0 * q.V, -q.W);
        double sine = q.V.Norm, angle = 2 * Math.Atan2(sine, q.W);
        Triple w = (sine < 1e-8 ? 2 : angle / sine) * q.V;
        double c = angle < 1e-3 ? (1.0 / 12) + (angle * angle / 720)
            : (1 - (angle / 2 / Math.Tan(angle / 2))) / (angle * angle);
        Triple v = t - (0.5 * w.Cross(t)) + (c * w.Cross(w.Cross(t)));
        (error[0], error[1], error[2]) = (v.X, v.Y, v.Z);
        (error[3], error[4], error[5]) = (w.X, w.Y, w.Z);
    }

    private readonly record struct Triple(double X, double Y, double Z)
    {
        public double Norm => Math.Sqrt((X * X) + (Y * Y) + (Z * Z));

        public static Triple Of(ReadOnlySpan<double> numbers) => new(numbers[0], numbers[1], numbers[2]);

        public static Triple operator +(Triple a, Triple b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

        public static Triple operator -(Triple a, Triple b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

        public static Triple operator *(double s, Triple a) => new(s * a.X, s * a.Y, s * a.Z);

        public Triple Cross(Triple b) => new((Y * b.Z) - (Z * b.Y), (Z * b.X) - (X * b.Z), (X * b.Y) - (Y * b.X));

        public double Dot(Triple b) => (X * b.X) + (Y * b.Y) + (Z * b.Z);
    }

    private readonly record struct Quaternion(Triple V, double W)
    {
        public static Quaternion Of(ReadOnlySpan<double> pose) =>
            new(new(pose[3], pose[4], pose[5]), pose[6]);

        public static Quaternion operator *(Quaternion a, Quaternion b) =>
            new((a.W * b.V) + (b.W * a.V) + a.V.Cross(b.V), (a.W * b.W) - a.V.Dot(b.V));

        public Quaternion Conjugate() => new(-1.0 * V, W);

        public Triple Rotate(Triple t)
        {
            Triple twice = 2.0 * V.Cross(t);
            return t + (W * twice) + V.Cross(twice);
        }
    }
}
