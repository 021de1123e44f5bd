namespace TheseusSharp.Linear;

/// <summary>
/// How far the solution of each lane is, and in what precision its systems are factored: each by its own numbers alone.
/// </summary>
internal sealed unsafe class RefinementProgress(int lanes)
{
    private readonly Precision[] _precisions = new Precision[lanes];
    private readonly Progress[] _progress = new Progress[lanes];
    private readonly double[] _errors = new double[lanes];

    /// <summary>What a lane's systems are factored in.</summary>
    private enum Precision
    {
        /// <summary>Nothing: no one wants its solutions.</summary>
        None,

        /// <summary>Single precision, if that does.</summary>
        Single,

        /// <summary>Double precision, since single precision did not do.</summary>
        Double,
    }

    /// <summary>How far a lane's solution is.</summary>
    private enum Progress
    {
        /// <summary>As good as it gets.</summary>
        Done,

        /// <summary>To be corrected, then looked at again.</summary>
        Refining,

        /// <summary>To be corrected once more: the corrections before show that this is enough.</summary>
        Ending,

        /// <summary>To be computed in double precision.</summary>
        GivenUp,
    }

    /// <summary>How many matrices were factored in single precision.</summary>
    public long Factorizations { get; private set; }

    /// <summary>How many of these were given up, to be factored in double precision.</summary>
    public long FallBacks { get; private set; }

    /// <summary>How many corrections were computed, the first solutions among them, over all lanes.</summary>
    public long Corrections { get; private set; }

    /// <summary>Whether any lane is to be looked at again.</summary>
    public bool IsAnyRefining => _progress.AsSpan().Contains(Progress.Refining);

    /// <summary>Whether any lane is to be corrected.</summary>
    public bool IsAnyToCorrect => _progress.AsSpan().ContainsAny(Progress.Refining, Progress.Ending);

    /// <summary>Whether any lane is to be computed in double precision.</summary>
    public bool IsAnyGivenUp => _progress.AsSpan().Contains(Progress.GivenUp);

    /// <summary>The next systems in a lane are of another problem: nothing is known of them.</summary>
    public void Enter(int lane) => _precisions[lane] = Precision.Single;

    /// <summary>The same, single precision having been no good for the systems before.</summary>
    public void EnterInDouble(int lane) => _precisions[lane] = Precision.Double;

    /// <summary>No one wants solutions in a lane any more.</summary>
    public void Leave(int lane) => _precisions[lane] = Precision.None;

    /// <summary>Whether single precision was no good for a lane's systems.</summary>
    public bool HasFallenBack(int lane) => _precisions[lane] == Precision.Double;

    /// <summary>New systems in all lanes, their solutions zero.</summary>
    public void Begin()
    {
        for (int lane = 0; lane < lanes; lane++)
            _progress[lane] = _precisions[lane] switch
            {
                Precision.None => Progress.Done,
                Precision.Single => Progress.Refining,
                _ => Progress.GivenUp,
            };
        _errors.AsSpan().Fill(1);
        Factorizations += _progress.AsSpan().Count(Progress.Refining);
    }

    public bool IsRefining(int lane) => _progress[lane] == Progress.Refining;

    public bool IsGivenUp(int lane) => _progress[lane] == Progress.GivenUp;

    /// <summary>Single precision is no good for a lane.</summary>
    public void GiveUp(int lane)
    {
        _progress[lane] = Progress.GivenUp;
        _precisions[lane] = Precision.Double;
        FallBacks++;
    }

    /// <summary>Sets all bits in lanes that are corrected now, and none in others.</summary>
    public void WriteMask(double* mask)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            bool isChosen = _progress[lane] is Progress.Refining or Progress.Ending;
            mask[lane] = BitConverter.Int64BitsToDouble(isChosen ? -1 : 0);
            Corrections += isChosen ? 1 : 0;
            if (_progress[lane] == Progress.Ending)
                _progress[lane] = Progress.Done;
        }
    }

    /// <summary>Decides about each lane by what is left of its right-hand side.</summary>
    /// <param name="step">How many corrections were looked at before.</param>
    /// <param name="solution">The size of each solution.</param>
    /// <param name="right">The size of each right-hand side.</param>
    /// <param name="rest">The size of what is left of it.</param>
    public void Judge(int step, double* solution, double* right, double* rest)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            if (!IsRefining(lane))
                continue;
            double size = solution[lane] + right[lane], error = rest[lane] / size, gain = error / _errors[lane];
            _errors[lane] = error;
            if (size < double.PositiveInfinity && rest[lane] <= RefinementLimits.BackwardError * size)
                _progress[lane] = Progress.Done;
            else if (!(gain <= RefinementLimits.LeastGain) || step == RefinementLimits.MostSteps)
                GiveUp(lane);
            else if (error * gain <= RefinementLimits.CertainError)
                _progress[lane] = Progress.Ending;
        }
    }
}
