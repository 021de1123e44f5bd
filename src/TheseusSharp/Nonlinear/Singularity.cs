using System.Globalization;
using TheseusSharp.Linear;
using TheseusSharp.Modelling;

namespace TheseusSharp.Nonlinear;

/// <summary>
/// Why a system has no unique solution: names the variables with the largest entries of a null vector, and the cause
/// where it is one of the usual: a variable that nothing measures, a world that may move as a whole.
/// </summary>
internal sealed class Singularity
{
    private const int NamesShown = 4;
    private const int InverseIterations = 4;

    /// <summary>What makes the system regular, relative to its diagonal, so that inverse iteration can run.</summary>
    private const double Shift = 1e-9;

    /// <summary>H·v this small, relative to its terms, is zero.</summary>
    private const double RoundingOfProduct = 1e-8;

    private readonly Problem _problem;
    private readonly BlockMatrix _hessian;
    private readonly BlockStructure _structure;

    private Singularity(SolverWorkspace workspace)
    {
        _problem = workspace.Plan.Linearization.Problem;
        _hessian = workspace.Linearizer.Hessian;
        _structure = _hessian.Structure;
    }

    /// <summary>In sentences.</summary>
    /// <param name="workspace">At the singular system.</param>
    /// <param name="failedRow">The scalar row whose pivot failed.</param>
    public static string Explain(SolverWorkspace workspace, int failedRow)
    {
        var singularity = new Singularity(workspace);
        double[]? vector = singularity.NullVector(workspace.Solver);
        string variables = vector is null
            ? $"The elimination stopped at variable '{singularity.NameOfRow(failedRow)}'. "
            : $"The null vector is largest at {singularity.Largest(vector)}. ";
        return variables + (singularity.Unmeasured() ?? singularity.MovableWorld(workspace) ?? AnyCause);
    }

    private const string AnyCause =
        "Some combination of these variables is not determined by any cost function: add a measurement or a prior, " +
        "hold one of them constant, or use Levenberg–Marquardt.";

    /// <summary>Inverse iteration on H + shift: what it amplifies most, H amplifies least.</summary>
    private double[]? NullVector(ILinearSolver solver)
    {
        int n = _structure.Dimension;
        var shift = new double[n];
        _hessian.CopyDiagonalTo(shift);
        double largest = shift.Max();
        foreach (ref double entry in shift.AsSpan())
            entry = Math.Max(Shift * entry, Shift * Shift * Math.Max(largest, 1e-300));
        if (!solver.Factor(_hessian, shift).Succeeded)
            return null;
        var vector = new double[n];
        for (int k = 0; k < n; k++)
            vector[k] = 1 + (0.1 * ((k * 7919) % 13)); // No symmetry makes it orthogonal to the null space.
        for (int iteration = 0; iteration < InverseIterations; iteration++)
        {
            solver.Solve(vector, vector);
            double norm = vector.Max(Math.Abs);
            if (!double.IsFinite(norm) || norm == 0)
                return null;
            foreach (ref double entry in vector.AsSpan())
                entry /= norm;
        }

        return vector;
    }

    private string Largest(double[] vector)
    {
        (double Size, int Number)[] sizes = [.. Enumerable.Range(0, _structure.Count).Select(number =>
            (vector[_structure.Offsets[number].._structure.Offsets[number + 1]].Max(Math.Abs), number))];
        double largest = sizes.Max(size => size.Size);
        return string.Join(", ", sizes
            .Where(size => size.Size > 0.1 * largest)
            .OrderByDescending(size => size.Size).ThenBy(size => size.Number)
            .Take(NamesShown)
            .Select(size => $"'{_problem.Variables[size.Number].Name}' ({Text(size.Size)})"));
    }

    private static string Text(double size) => size.ToString("G2", CultureInfo.InvariantCulture);

    /// <summary>Variables on which no cost depends.</summary>
    private string? Unmeasured()
    {
        int[] zero = [.. Enumerable.Range(0, _structure.Count).Where(number =>
            !_hessian.Block(_structure.ColumnStarts[number]).ContainsAnyExcept(0.0))];
        if (zero.Length == 0)
            return null;
        string names = string.Join(
            ", ", zero.Take(NamesShown).Select(number => $"'{_problem.Variables[number].Name}'"));
        return $"Cause: {zero.Length} unconnected variable(s): no cost function changes with {names}" +
            $"{(zero.Length > NamesShown ? ", …" : string.Empty)}. Remove or hold them, or measure them.";
    }

    /// <summary>
    /// Parts of the world that may move as a whole. H couples no variables of different parts, so one product tells for
    /// all of them.
    /// </summary>
    private string? MovableWorld(SolverWorkspace workspace)
    {
        int[] parts = Components();
        var motions = new WorldMotions(_problem, _structure, workspace.Current);
        var free = new int[parts.Length]; // Of each part, a bit for each motion.
        for (int motion = 0; motion < motions.Names.Count; motion++)
            MarkNull(motions.Tangent(motion), parts, 1 << motion, free);
        int first = Array.FindIndex(free, bits => bits != 0);
        if (first < 0)
            return null;
        string[] names = [.. motions.Names.Where((_, motion) => (free[first] & (1 << motion)) != 0)];
        int size = parts.Count(part => part == first), others = free.Count(bits => bits != 0) - 1;
        return $"Cause: gauge freedom of {names.Length}: the {size} variable(s) connected with " +
            $"'{_problem.Variables[first].Name}' may move as a whole ({string.Join(", ", names)}) and no cost " +
            "changes. Hold one of them constant or add a prior to it." +
            (others > 0 ? $" {others} other part(s) of the problem may move as well." : string.Empty);
    }

    /// <summary>Marks the parts in which H·v is rounding error only.</summary>
    private void MarkNull(double[] v, int[] parts, int mark, int[] marks)
    {
        var product = new double[v.Length];
        _hessian.Multiply(v, product);
        var scale = new double[v.Length];
        _hessian.CopyDiagonalTo(scale);
        double[] largest = new double[parts.Length], bound = new double[parts.Length];
        for (int number = 0; number < parts.Length; number++)
            for (int k = _structure.Offsets[number]; k < _structure.Offsets[number + 1]; k++)
            {
                int part = parts[number];
                largest[part] = Math.Max(largest[part], Math.Abs(product[k]));
                bound[part] = Math.Max(bound[part], Math.Abs(scale[k] * v[k]));
            }

        for (int part = 0; part < parts.Length; part++)
            if (bound[part] > 0 && largest[part] <= RoundingOfProduct * bound[part])
                marks[part] |= mark;
    }

    /// <summary>For each variable, the first one that it is connected with.</summary>
    private int[] Components()
    {
        var sets = new DisjointSets(_structure.Count);
        for (int column = 0; column < _structure.Count; column++)
            foreach (int row in _structure.Column(column))
                sets.Join(row, column);
        return sets.ToArray();
    }

    private string NameOfRow(int row)
    {
        int number = 0;
        while (_structure.Offsets[number + 1] <= row)
            number++;
        return _problem.Variables[number].Name;
    }
}
