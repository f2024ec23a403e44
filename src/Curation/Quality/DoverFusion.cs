namespace MedGenCluster.Curation.Quality;

/// <summary>How the raw scores of DOVER's branches are calibrated and weighted.</summary>
public enum DoverFusionFormula
{
    /// <summary>evaluate_one_video.py and evaluate_a_set_of_videos.py as released: the calibration constants of the branches are
    /// exchanged. Published thresholds in (0,1) refer to it.</summary>
    AsShipped,

    /// <summary>Each branch with the constants that were measured on it.</summary>
    Corrected,

    /// <summary>onnx_inference.py: the released formula with its arguments exchanged, so the constants fit and the weights do not.</summary>
    OnnxScript,
}

/// <summary>A fused DOVER score.</summary>
/// <param name="Technical">The term with weight 0.6104, calibrated.</param>
/// <param name="Aesthetic">The term with weight 0.3896, calibrated.</param>
/// <param name="Combined">0.6104 * Technical + 0.3896 * Aesthetic.</param>
public readonly record struct DoverScore(double Technical, double Aesthetic, double Combined)
{
    /// <summary>The overall score in (0, 1), higher is better.</summary>
    public double Overall => Sigmoid(Combined);

    /// <summary>The technical term in (0, 1).</summary>
    public double TechnicalSigmoid => Sigmoid(Technical);

    /// <summary>The aesthetic term in (0, 1).</summary>
    public double AestheticSigmoid => Sigmoid(Aesthetic);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}

/// <summary>Fusion of DOVER's two raw branch scores (VQAssessment/DOVER evaluate_one_video.py, onnx_inference.py). The constants
/// are the means and deviations of the branches over LIVE-VQC: technical -0.08285 and 0.03774, aesthetic 0.1107 and 0.07355.</summary>
public static class DoverFusion
{
    /// <summary>Fuses raw scores.</summary>
    /// <param name="technical">Raw technical score, the mean over the clips; usually below 0.</param>
    /// <param name="aesthetic">Raw aesthetic score.</param>
    /// <param name="formula">Which calibration.</param>
    public static DoverScore Fuse(double technical, double aesthetic, DoverFusionFormula formula)
    {
        var (t, a) = formula switch
        {
            DoverFusionFormula.AsShipped => (ByAestheticConstants(technical), ByTechnicalConstants(aesthetic)),
            DoverFusionFormula.Corrected => (ByTechnicalConstants(technical), ByAestheticConstants(aesthetic)),
            DoverFusionFormula.OnnxScript => (ByAestheticConstants(aesthetic), ByTechnicalConstants(technical)),
            _ => throw new ArgumentOutOfRangeException(nameof(formula)),
        };
        return new DoverScore(t, a, 0.6104 * t + 0.3896 * a);
    }

    private static double ByAestheticConstants(double score) => (score - 0.1107) / 0.07355;

    private static double ByTechnicalConstants(double score) => (score + 0.08285) / 0.03774;
}
