//! The repository keeps its own rules. Each rule is written, and tested on what breaks it, in `tests/src/tidy`.

use acceptance::tidy::{assert_kept, boundaries, dependencies, rust, texts, window};

#[test]
fn our_crates_depend_in_one_direction() {
    assert_kept(boundaries::direction);
}

#[test]
fn the_pure_crates_cannot_do_io() {
    assert_kept(boundaries::purity);
}

#[test]
fn libraries_stay_in_their_homes() {
    assert_kept(boundaries::homes);
}

#[test]
fn workspace_members_are_explained() {
    assert_kept(dependencies::members_are_explained);
}

#[test]
fn rust_dependencies_are_used() {
    assert_kept(dependencies::rust_dependencies_are_used);
}

#[test]
fn shared_dependencies_are_used() {
    assert_kept(dependencies::shared_dependencies_are_used);
}

#[test]
fn the_windows_dependencies_are_used() {
    assert_kept(dependencies::window_dependencies_are_used);
}

#[test]
fn lock_files_name_public_registries() {
    assert_kept(dependencies::lock_files_name_public_registries);
}

#[test]
fn python_requirements_are_pinned() {
    assert_kept(dependencies::python_requirements_are_pinned);
}

#[test]
fn journeys_are_left_out_of_plain_runs() {
    assert_kept(dependencies::journeys_are_left_out_of_plain_runs);
}

#[test]
fn secrets_are_exposed_in_few_places() {
    assert_kept(rust::secrets_are_exposed_in_few_places);
}

#[test]
fn secrets_are_not_serialised() {
    assert_kept(rust::secrets_are_not_serialised);
}

#[test]
fn one_file_opens_links() {
    assert_kept(rust::one_file_opens_links);
}

#[test]
fn kinds_are_listed_in_few_files() {
    assert_kept(rust::kinds_are_listed_in_few_files);
}

#[test]
fn no_process_is_started() {
    assert_kept(rust::no_process_is_started);
}

#[test]
fn one_module_knows_the_shell() {
    assert_kept(window::one_module_knows_the_shell);
}

#[test]
fn no_html_is_inserted() {
    assert_kept(window::no_html_is_inserted);
}

#[test]
fn the_page_has_no_doors() {
    assert_kept(window::the_page_has_no_doors);
}

#[test]
fn sources_are_short() {
    assert_kept(texts::sources_are_short);
}

#[test]
fn nothing_is_left_over() {
    assert_kept(texts::nothing_is_left_over);
}

#[test]
fn no_machine_is_named() {
    assert_kept(texts::no_machine_is_named);
}

#[test]
fn lines_end_alike() {
    assert_kept(texts::lines_end_alike);
}
