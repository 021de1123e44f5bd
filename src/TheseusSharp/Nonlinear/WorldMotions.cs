using System.Runtime.InteropServices;
using TheseusSharp.Geometry;
using TheseusSharp.Linear;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// How small motions of the whole world show in the tangents of its variables: for a group element x moved to
/// Exp(εξ)∘x, the tangent Ad(x⁻¹)·ξ; for a point p, v + ω×p. Vectors of 2 (or 3) numbers count as points.
/// </summary>
internal sealed class WorldMotions
{
    private readonly Problem _problem;
    private readonly BlockStructure _structure;
    private readonly SolverState _state;
    private readonly int _space;

    public WorldMotions(Problem problem, BlockStructure structure, SolverState state)
    {
        _problem = problem;
        _structure = structure;
        _state = state;
        bool IsHere(ValueKind? kind) => problem.Tables.Any(table => ReferenceEquals(table.Kind, kind));
        _space = IsHere(SE3<Scalar>.FixedKind) || IsHere(SO3<Scalar>.FixedKind) || !(
            IsHere(SE2<Scalar>.FixedKind) || IsHere(SO2<Scalar>.FixedKind) || IsHere(ValueKind.Vector(2))) ? 3 : 2;
    }

    /// <summary>What the motions are called.</summary>
    public IReadOnlyList<string> Names => _space == 3
        ? ["translation x", "translation y", "translation z", "rotation x", "rotation y", "rotation z"]
        : ["translation x", "translation y", "rotation"];

    /// <summary>The tangent of one motion.</summary>
    /// <param name="motion">Which of <see cref="Names"/>.</param>
    public double[] Tangent(int motion)
    {
        var tangent = new double[_structure.Dimension];
        var velocity = new Float64[_space == 3 ? 6 : 3];
        velocity[motion] = 1;
        for (int number = 0; number < _structure.Count; number++)
            Move(number, velocity, MemoryMarshal.Cast<double, Float64>(
                tangent.AsSpan(_structure.Offsets[number].._structure.Offsets[number + 1])));
        return tangent;
    }

    private void Move(int number, ReadOnlySpan<Float64> velocity, Span<Float64> tangent)
    {
        ValueKind kind = _problem.Variables[number].Kind;
        ReadOnlySpan<Float64> value = MemoryMarshal.Cast<double, Float64>(_state.Of(number));
        if (ReferenceEquals(kind, SE3<Scalar>.FixedKind))
            MoveElement<SE3<Float64>>(value, velocity, tangent);
        else if (ReferenceEquals(kind, SE2<Scalar>.FixedKind))
            MoveElement<SE2<Float64>>(value, velocity, tangent);
        else if (ReferenceEquals(kind, SO3<Scalar>.FixedKind))
            MoveElement<SO3<Float64>>(value, velocity[^3..], tangent);
        else if (ReferenceEquals(kind, SO2<Scalar>.FixedKind))
            MoveElement<SO2<Float64>>(value, velocity[^1..], tangent);
        else if (value.Length == _space)
            MovePoint(value, velocity, tangent);
    }

    private static void MoveElement<TGroup>(
        ReadOnlySpan<Float64> value, ReadOnlySpan<Float64> velocity, Span<Float64> tangent)
        where TGroup : struct, ILieGroup<TGroup, Float64> =>
        TGroup.AdjointRule(TGroup.InverseRule(TGroup.FromStorage(value)), velocity, tangent);

    private static void MovePoint(ReadOnlySpan<Float64> p, ReadOnlySpan<Float64> velocity, Span<Float64> tangent)
    {
        if (p.Length == 2)
        {
            tangent[0] = velocity[0] - (velocity[2] * p[1]);
            tangent[1] = velocity[1] + (velocity[2] * p[0]);
            return;
        }

        ReadOnlySpan<Float64> omega = velocity[3..];
        for (int k = 0; k < 3; k++)
        {
            (int i, int j) = ((k + 1) % 3, (k + 2) % 3);
            tangent[k] = velocity[k] + (omega[i] * p[j]) - (omega[j] * p[i]);
        }
    }
}
