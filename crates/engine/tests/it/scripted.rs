//! The scripted mind.

use patchbay_core::mind::MindStep;
use patchbay_engine::scripted::Scripted;

#[test]
fn a_script_is_read_from_json() {
    let script =
        r#"[{"say": [{"call": {"wish": 1, "tool": "refund", "args": {}}}, {"hand_over": {"reason": "review"}}]}, {"then": "hang"}]"#;
    assert!(Scripted::read(script).is_ok());
    assert!(Scripted::read(r#"[{"sya": []}]"#).unwrap_err().to_string().contains("sya"));
    assert!(serde_json::from_str::<MindStep>(r#"{"hand_over": {"reason": "review"}}"#).is_ok());
}
