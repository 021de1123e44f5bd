using TheseusSharp.Symbolics;

namespace TheseusSharp.Modelling;

/// <summary>Groups and variables in words, for printed objectives and reports.</summary>
internal static class GroupDescription
{
    private const int NamesShown = 3;

    /// <summary>A line about a group of an objective.</summary>
    public static string Of(CostGroup group)
    {
        CostTrace trace = group.Trace;
        CostFunction first = group.Members[0];
        return Of(group.Count, trace.Parameters, trace.Dimension, first.Loss, Names(group));
    }

    /// <summary>A line about a group.</summary>
    public static string Of(
        int count, IEnumerable<CostParameter> parameters, int dimension, RobustLoss? loss, string names)
    {
        string arguments = string.Join(
            ", ", parameters.Select(parameter => parameter.IsData ? $"data {parameter.Kind}" : parameter.Kind.Name));
        string robust = loss is null ? string.Empty : $", {loss.Name} loss{(loss.IsFlat ? " on each entry" : string.Empty)}";
        return $"{count} × ({arguments}) → {dimension}{robust}: {names}";
    }

    /// <summary>The first names of a group's members.</summary>
    public static string Names(CostGroup group) =>
        Some(group.Members.Take(NamesShown).Select(member => member.ToString()), group.Members.Count);

    /// <summary>The first names of some variables.</summary>
    public static string Names(IEnumerable<Variable> variables)
    {
        Variable[] all = [.. variables];
        return Some(all.Take(NamesShown).Select(variable => variable.Name), all.Length);
    }

    private static string Some(IEnumerable<string> first, int count) =>
        string.Join(", ", first) + (count > NamesShown ? ", …" : string.Empty);
}
