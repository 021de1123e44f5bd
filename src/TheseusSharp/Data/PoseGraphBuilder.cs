using System.Globalization;

namespace TheseusSharp.Data;

/// <summary>Collects poses and edges, in any order, and makes a <see cref="PoseGraph"/> of them.</summary>
/// <remarks>
/// Give all poses a value, or none. Everything is copied; what is refused leaves the builder as it was. Not for several
/// threads at once.
/// </remarks>
public sealed class PoseGraphBuilder
{
    /// <summary>How unequal mirrored entries of an information matrix may be, relative to its largest.</summary>
    private const double SymmetryTolerance = 1e-9;

    private readonly PoseGraphRecords _records;

    /// <summary>An empty graph.</summary>
    /// <param name="dimension">2 for motions of the plane, 3 for motions of space.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension is neither 2 nor 3.</exception>
    public PoseGraphBuilder(int dimension)
    {
        if (dimension is not (2 or 3))
            throw new ArgumentOutOfRangeException(
                nameof(dimension), dimension, "Pose graphs have dimension 2 (SE2) or 3 (SE3).");
        _records = new(dimension);
    }

    /// <summary>2 for motions of the plane, 3 for motions of space.</summary>
    public int Dimension => _records.Dimension;

    /// <summary>How many poses were added so far.</summary>
    public int PoseCount => _records.PoseCount;

    /// <summary>Adds a pose with its value.</summary>
    /// <param name="id">Any number that no other pose has.</param>
    /// <param name="pose">SE2 [x, y, cos θ, sin θ] or SE3 [x, y, z, qx, qy, qz, qw].</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">
    /// The id is taken, the length is wrong, a number is not finite, or the rotation's norm is further than 0.01
    /// from 1.
    /// </exception>
    public PoseGraphBuilder AddPose(long id, ReadOnlySpan<double> pose)
    {
        double[] stored = Motion(pose, $"pose {id}", nameof(pose));
        if (!_records.TryAddPose(id, stored))
            throw new ArgumentException($"There is a pose {id} already.", nameof(id));
        return this;
    }

    /// <summary>Adds a measured motion x[from]⁻¹∘x[to].</summary>
    /// <param name="from">The id of the pose that the edge starts from; it may be added later, or never.</param>
    /// <param name="to">The id of the pose that the edge leads to; another one.</param>
    /// <param name="measurement">SE2 [x, y, cos θ, sin θ] or SE3 [x, y, z, qx, qy, qz, qw].</param>
    /// <param name="information">
    /// The information matrix, 3×3 or 6×6, row-major, symmetric, in tangent order (translation, then rotation). Its
    /// upper triangle is kept. Whether it is positive semidefinite matters only to
    /// <see cref="PoseGraph.SquareRootInformation"/>.
    /// </param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">
    /// Both ids are the same, a length is wrong, a number is not finite, the rotation's norm is further than 0.01 from
    /// 1, or the information matrix is not symmetric.
    /// </exception>
    public PoseGraphBuilder AddEdge(
        long from, long to, ReadOnlySpan<double> measurement, ReadOnlySpan<double> information)
    {
        if (from == to)
            throw new ArgumentException($"An edge leads from pose {from} to itself.", nameof(to));
        string what = $"the measurement of edge {from} → {to}";
        double[] stored = Motion(measurement, what, nameof(measurement));
        CheckInformation(information, from, to);
        _records.AddEdge(new(from, to), stored, UpperTriangle(information));
        return this;
    }

    /// <summary>Marks a pose that is to stay where it is; marking it twice is no matter.</summary>
    /// <param name="id">The id of a pose that is there, or comes later.</param>
    /// <returns>This builder.</returns>
    public PoseGraphBuilder Fix(long id)
    {
        _records.Fixed.Add(new(id));
        return this;
    }

    /// <summary>The graph of all that was added so far.</summary>
    /// <exception cref="InvalidOperationException">
    /// Some poses have values and others, which edges mention, have none; or a fixed pose is not among the poses.
    /// </exception>
    public PoseGraph Build()
    {
        _records.Number();
        if (_records.FirstUnknownEnd() is { } end)
            throw new InvalidOperationException(
                $"An edge mentions pose {end.Id}, which has no value while others have: add it by {nameof(AddPose)}, " +
                "or add none.");
        if (_records.FirstUnknownFixed() is { } unknown)
            throw new InvalidOperationException($"Pose {unknown.Id} is to be fixed, but there is no such pose.");
        return _records.Build(source: null);
    }

    private double[] Motion(ReadOnlySpan<double> motion, string what, string parameter)
    {
        int expected = PoseStorage.Length(Dimension);
        if (motion.Length != expected)
            throw new ArgumentException($"Expected {expected} numbers for {what}, found {motion.Length}.", parameter);
        double[] stored = motion.ToArray();
        PoseStorage.Normalize(Dimension, stored, what, parameter);
        return stored;
    }

    private void CheckInformation(ReadOnlySpan<double> information, long from, long to)
    {
        int size = PoseStorage.TangentLength(Dimension);
        if (information.Length != size * size)
            throw new ArgumentException(
                $"Expected a {size}×{size} information matrix for edge {from} → {to}, {size * size} numbers; " +
                $"found {information.Length}.",
                nameof(information));
        double largest = 0;
        foreach (double entry in information)
            largest = Math.Max(largest, Math.Abs(entry));
        if (!double.IsFinite(largest))
            throw new ArgumentException(
                $"The information matrix of edge {from} → {to} holds a number that is not finite.",
                nameof(information));
        for (int i = 0; i < size; i++)
            for (int j = 0; j < i; j++)
                if (Math.Abs(information[(i * size) + j] - information[(j * size) + i]) > SymmetryTolerance * largest)
                    throw new ArgumentException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"The information matrix of edge {from} → {to} is not symmetric: its entries ({i}, {j}) " +
                            $"are {information[(i * size) + j]} and {information[(j * size) + i]}."),
                        nameof(information));
    }

    private double[] UpperTriangle(ReadOnlySpan<double> matrix)
    {
        int size = PoseStorage.TangentLength(Dimension);
        var upper = new List<double>();
        for (int i = 0; i < size; i++)
            upper.AddRange(matrix[((i * size) + i)..((i + 1) * size)]);
        return [.. upper];
    }
}
