using TheseusSharp.Kernels;

namespace TheseusSharp.Linearization;

/// <summary>Finds the nearest values on their manifolds. Allocates only when made; one thread at a time.</summary>
internal sealed unsafe class Normalizer(LinearizationPlan plan)
{
    private readonly Workspace<double>[] _workspaces = [.. plan.Kinds.Select(kind => kind.NewWorkspace())];

    /// <summary>target ← the nearest values on their manifolds.</summary>
    /// <param name="state">Values, of one lane.</param>
    /// <param name="target">Receives the nearest.</param>
    public void Normalize(SolverState state, SolverState target)
    {
        for (int k = 0; k < plan.Kinds.Length; k++)
            plan.Kinds[k].Normalize(
                state[k].Pointer, target[k].Pointer, plan.Problem.Tables[k].Variables.Length, _workspaces[k]);
        GC.KeepAlive(this);
        GC.KeepAlive(state);
        GC.KeepAlive(target);
    }
}
