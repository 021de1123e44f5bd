using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>
/// Arranges groups into columns: costs sorted by the variables they touch, so that neighbours in a block touch
/// neighbouring memory; numbers equal in the whole group turned into literals, the others into input columns.
/// </summary>
internal sealed class GroupColumns
{
    private readonly VariablePlace[] _places;
    private readonly int _optimizedCount;
    private readonly Dictionary<Variable, int> _numbers;

    public GroupColumns(Variable[] variables, VariablePlace[] places, int optimizedCount)
    {
        _places = places;
        _optimizedCount = optimizedCount;
        _numbers = new(variables.Length);
        for (int k = 0; k < variables.Length; k++)
            _numbers.Add(variables[k], k);
    }

    public ProblemGroup Arrange(CostGroup group)
    {
        CostTrace trace = group.Trace;
        int[][] numbers = VariableNumbers(group);
        int[] order = ByPlace(numbers, group.Count);
        foreach (int[] column in numbers)
            Permute(column, order);

        DataTable table = DataTable.Of(group);
        DataColumn[] data = table.Distinct(out Dictionary<int, int> slotOfNode, out Dictionary<int, double> literals);
        int[] slots = [.. data.Select(column => column.Slot)];
        ExpressionGraph graph = trace.Graph.WithLeaves((index, node) =>
            literals.TryGetValue(index, out double value) ? Node.Literal(value)
            : slotOfNode.TryGetValue(index, out int slot) ? new Node(Operation.Input, slot, 0, 0, 0)
            : node);
        return new(group, order, new(
            graph, trace.Outputs, Parameters(trace, numbers), slots, Gathered(data, order)));
    }

    private GroupParameter[] Parameters(CostTrace trace, int[][] numbers)
    {
        CostParameter[] variables = [.. trace.Parameters.Where(parameter => !parameter.IsData)];
        var parameters = new GroupParameter[variables.Length];
        for (int k = 0; k < parameters.Length; k++)
            parameters[k] = new(
                variables[k].Kind, variables[k].Slot, _places[numbers[k][0]].Table, numbers[k],
                Array.Exists(numbers[k], number => number < _optimizedCount));
        return parameters;
    }

    /// <summary>For each parameter that is a variable, the variables' numbers in order of adding.</summary>
    private int[][] VariableNumbers(CostGroup group)
    {
        CostParameter[] parameters = group.Trace.Parameters;
        var columns = new List<int[]>();
        for (int k = 0; k < parameters.Length; k++)
        {
            if (parameters[k].IsData)
                continue;
            var column = new int[group.Count];
            int next = 0;
            foreach (CostFunction member in group.Members)
                for (int row = 0; row < member.Count; row++)
                    column[next++] = _numbers[member.Arguments[k].VariableOf(row)];
            columns.Add(column);
        }

        return [.. columns];
    }

    /// <summary>By the first optimised variable, then the last; equals stay in order.</summary>
    private int[] ByPlace(int[][] numbers, int count)
    {
        var keys = new (int First, int Last, int Row)[count];
        for (int row = 0; row < count; row++)
        {
            (int first, int last) = (int.MaxValue, -1);
            foreach (int[] column in numbers)
                if (column[row] < _optimizedCount)
                    (first, last) = (Math.Min(first, column[row]), Math.Max(last, column[row]));
            keys[row] = (first, last, row);
        }

        Array.Sort(keys);
        return Array.ConvertAll(keys, key => key.Row);
    }

    private static void Permute(int[] column, int[] order)
    {
        int[] copy = (int[])column.Clone();
        for (int k = 0; k < order.Length; k++)
            column[k] = copy[order[k]];
    }

    private static double[] Gathered(DataColumn[] columns, int[] order)
    {
        var data = new double[columns.Length * order.Length];
        for (int k = 0; k < order.Length; k++)
            for (int column = 0; column < columns.Length; column++)
                data[(k * columns.Length) + column] = columns[column].Values[order[k]];
        return data;
    }
}
