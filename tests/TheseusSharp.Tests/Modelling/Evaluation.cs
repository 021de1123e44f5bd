using TheseusSharp.Kernels;
using TheseusSharp.Linearization;
using TheseusSharp.Modelling;

namespace TheseusSharp.Tests.Modelling;

/// <summary>What the kernels of a problem compute, in forms that tests compare.</summary>
internal static class Evaluation
{
    /// <summary>The objective.</summary>
    public static double Objective(Problem problem, Values values, int element = 0)
    {
        var linearizer = new Linearizer(LinearizationPlan.Of(problem));
        double objective = linearizer.Objective(Load(problem, values, element));
        GC.KeepAlive(linearizer);
        return objective;
    }

    /// <summary>The objective of all that an objective holds.</summary>
    public static double Objective(Objective objective, Values values) => Objective(objective.Compile(), values);

    /// <summary>The gradient, variable after variable as the problem orders them.</summary>
    public static double[] Gradient(Problem problem, Values values)
    {
        var linearizer = new Linearizer(LinearizationPlan.Of(problem));
        linearizer.Linearize(Load(problem, values, 0));
        return linearizer.Gradient.ToArray();
    }

    /// <summary>The names of all cost functions with what each of them costs.</summary>
    public static List<(string Name, double Cost)> ByName(Problem problem, Values values)
    {
        SolverState state = Load(problem, values, 0);
        var costs = new List<(string, double)>();
        foreach (GroupPlan group in LinearizationPlan.Of(problem).Groups)
            AddGroup(group, state, costs);
        return costs;
    }

    private static unsafe void AddGroup(GroupPlan group, SolverState state, List<(string, double)> costs)
    {
        Workspace<double> workspace = group.NewWorkspace();
        for (int start = 0; start < group.Count; start += group.Lanes)
        {
            int valid = Math.Min(group.Lanes, group.Count - start);
            group.Columns.Run(group.Objective, state, start, valid, workspace, isFirst: start == 0);
            for (int lane = 0; lane < valid; lane++)
                costs.Add((group.NameOf(start + lane), workspace.Outputs[lane]));
        }

        workspace.KeepAlive();
    }

    private static SolverState Load(Problem problem, Values values, int element)
    {
        var state = new SolverState(problem);
        state.Load(values, element);
        return state;
    }
}
