namespace TheseusSharp.Initialization;

/// <summary>How a chordal initialization ended.</summary>
public enum ChordalStatus
{
    /// <summary>There are poses.</summary>
    Solved,

    /// <summary>A number of the input, or one computed from it, is infinite or not a number.</summary>
    NotFinite,

    /// <summary>The information of the edges does not determine the rotation or the translation of a pose.</summary>
    Singular,
}

/// <summary>What chordal initialization found.</summary>
public sealed class ChordalResult
{
    private ChordalResult(ChordalStatus status, double[] poses, int[] held, int edge, int pose)
    {
        Status = status;
        Poses = poses;
        Held = held;
        Edge = edge;
        Pose = pose;
    }

    /// <summary>How it ended.</summary>
    public ChordalStatus Status { get; }

    /// <summary>Whether the poses may be used.</summary>
    public bool Succeeded => Status == ChordalStatus.Solved;

    /// <summary>
    /// One pose after another, each as SE2 or SE3 stores it; empty unless <see cref="Succeeded"/>. Of quaternions,
    /// except those of held poses, w is not negative.
    /// </summary>
    public double[] Poses { get; }

    /// <summary>The poses that were held, ascending: those asked for, and one of each component without any.</summary>
    public IReadOnlyList<int> Held { get; }

    /// <summary>The edge whose numbers are not finite; −1 if that is not the trouble.</summary>
    public int Edge { get; }

    /// <summary>The pose that is not determined, or not finite; −1 if that is not the trouble.</summary>
    public int Pose { get; }

    /// <summary>The outcome in a sentence.</summary>
    public string Message => Status switch
    {
        ChordalStatus.Solved => $"Chordal initialization held {Held.Count} poses and found the others.",
        ChordalStatus.NotFinite when Edge >= 0 => $"Edge {Edge} has a number that is infinite or not a number.",
        ChordalStatus.NotFinite => $"Pose {Pose} has a number that is infinite or not a number.",
        _ => $"The information of its edges does not determine pose {Pose}: some of it is zero, negative, or smaller "
            + "than that of its neighbours by many orders of magnitude.",
    };

    /// <summary>The outcome in a sentence.</summary>
    public override string ToString() => Message;

    internal static ChordalResult Solved(double[] poses, int[] held) => new(ChordalStatus.Solved, poses, held, -1, -1);

    internal static ChordalResult NotFinite(int edge, int pose) => new(ChordalStatus.NotFinite, [], [], edge, pose);

    internal static ChordalResult Singular(int pose) => new(ChordalStatus.Singular, [], [], -1, pose);
}
