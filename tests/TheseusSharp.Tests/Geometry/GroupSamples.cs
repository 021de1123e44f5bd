using TheseusSharp.Tests.Oracles;
using Matrix = TheseusSharp.Geometry.Matrix<TheseusSharp.Tests.Oracles.DoubleDouble>;
using Vector = TheseusSharp.Geometry.Vector<TheseusSharp.Tests.Oracles.DoubleDouble>;

namespace TheseusSharp.Tests.Geometry;

/// <summary>Where laws are tried: tangents of every awkward angle, elements made of them, and random ones.</summary>
internal sealed class GroupSamples
{
    // Where AngleFunctions changes from series to closed form: in Exp and the Jacobians, and in Log.
    private static readonly double s_smallAngle = Math.Sqrt(0.05);
    private static readonly double s_smallLogAngle = 2 * Math.Asin(Math.Sqrt(1e-3));

    private static readonly DoubleDouble[] s_angles =
    [
        0, 1e-12, 1e-9, 1e-6, 1e-4, 1e-2, s_smallLogAngle * 0.999, s_smallLogAngle * 1.001,
        s_smallAngle * 0.999, s_smallAngle * (1 - 1e-15), s_smallAngle * (1 + 1e-15), s_smallAngle * 1.001,
        0.5, 1, 2, 3, Below(1e-3), Below(1e-7), Below(1e-11), DoubleDouble.Pi,
        Below(-1e-11), Below(-1e-7), Below(-1e-3), 4, 5.5, 2.0 * DoubleDouble.Pi, 7, 10, 100,
    ];

    private readonly GroupRules _group;
    private readonly Random _random = new(20240607);
    private readonly bool[] _rotates;

    public GroupSamples(GroupRules group)
    {
        _group = group;
        _rotates = [.. Enumerable.Range(0, group.TangentLength).Select(Rotates)];
        Tangents = [.. s_angles.SelectMany((angle, k) => Directions(k).Select(direction => Tangent(direction, angle)))];
        Elements =
        [
            group.Identity,
            .. Enumerable.Range(0, 20).Select(seed => group.Normalize(group.Random(seed))),
            .. Tangents.Select(group.Exp),
        ];
    }

    /// <summary>Tangents of all angles and directions, beyond a full turn included.</summary>
    public IReadOnlyList<Vector> Tangents { get; }

    /// <summary>Random elements, and the exponentials of the tangents.</summary>
    public IReadOnlyList<Vector> Elements { get; }

    /// <summary>The rotation angle of a tangent; zero in a group without rotations.</summary>
    public DoubleDouble Angle(Vector tangent)
    {
        DoubleDouble sum = 0;
        for (int k = 0; k < tangent.Length; k++)
            sum += _rotates[k] ? tangent[k] * tangent[k] : 0;
        return DoubleDouble.Sqrt(sum);
    }

    /// <summary>The tangents of angles where Log undoes Exp: below π by more than rounding.</summary>
    public IEnumerable<Vector> Principal() =>
        Tangents.Where(tangent => (Angle(tangent) - DoubleDouble.Pi).Hi < -16 * _group.Unit);

    /// <summary>The tangents of angles where Exp is far from singular: 2π, 4π, … are.</summary>
    public IEnumerable<Vector> Regular() => Tangents.Where(tangent =>
    {
        double turns = Angle(tangent).Hi / (2 * Math.PI);
        return turns < 0.6 || Math.Abs(turns - Math.Round(turns)) > 0.1;
    });

    /// <summary>Every element with two others that change from one to the next.</summary>
    public IEnumerable<(Vector A, Vector B, Vector C)> Triples() => Elements.Select(
        (a, k) => (a, Elements[((7 * k) + 3) % Elements.Count], Elements[((11 * k) + 5) % Elements.Count]));

    /// <summary>Every element with a tangent of moderate size.</summary>
    public IEnumerable<(Vector Element, Vector Tangent)> Moves() =>
        Elements.Select((x, k) => (x, Uniform(_group.TangentLength, k)));

    /// <summary>Numbers in [−1, 1], the same for the same seed.</summary>
    public Vector Uniform(int length, int seed) => _group.Round(Uniform(length, new Random(seed)));

    private static DoubleDouble Below(double margin) => DoubleDouble.Pi - margin;

    private static Vector Uniform(int length, Random random) =>
        Vector.Zero(length).Map(_ => (2 * random.NextDouble()) - 1);

    /// <summary>Whether a coordinate turns: the square of its generator has a negative trace.</summary>
    private bool Rotates(int coordinate)
    {
        Matrix generator = _group.Hat(Axis(coordinate, 1));
        Matrix square = generator * generator;
        DoubleDouble trace = 0;
        for (int k = 0; k < square.Rows; k++)
            trace += square[k, k];
        return trace.Hi < 0;
    }

    /// <summary>An axis of rotation (every one in turn, either way), and an oblique direction.</summary>
    private IEnumerable<Vector> Directions(int turn)
    {
        int[] axes = [.. Enumerable.Range(0, _rotates.Length).Where(k => _rotates[k])];
        if (axes.Length > 0)
            yield return Axis(axes[turn % axes.Length], turn % 2 == 0 ? 1 : -1);

        Vector oblique = Uniform(_rotates.Length, _random);
        DoubleDouble norm = Angle(oblique);
        yield return norm.Hi > 0 ? oblique / norm : oblique;
    }

    private Vector Axis(int coordinate, double sign)
    {
        var entries = new DoubleDouble[_group.TangentLength];
        entries[coordinate] = sign;
        return new(entries);
    }

    /// <summary>The tangent that turns by an angle about a direction, while moving at random.</summary>
    private Vector Tangent(Vector direction, DoubleDouble angle)
    {
        Vector move = Uniform(_rotates.Length, _random);
        var entries = new DoubleDouble[_rotates.Length];
        for (int k = 0; k < entries.Length; k++)
            entries[k] = _rotates[k] ? angle * direction[k] : move[k];
        return _group.Round(new(entries));
    }
}
